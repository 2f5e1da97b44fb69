package io.rdmagid.deviceplugin.command;

import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.InventoryChange;
import io.rdmagid.deviceplugin.inventory.InventoryDiff;
import io.rdmagid.deviceplugin.observe.InventoryListener;
import io.rdmagid.deviceplugin.observe.OneReading;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code rdmagid watch}: changes as they happen. */
@CommandLine.Command(
    name = "watch",
    description = {
      "Shows changes of this node's tables, or of a recording, as they happen, a line each,",
      "with the time at which the event came. It ends by an interrupt (Ctrl-C)."
    },
    sortOptions = false)
final class WatchCommand implements Callable<Integer> {
  /** How to print. */
  enum Lines {
    TABLE,
    JSONL
  }

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @CommandLine.Option(
      names = "--recording",
      paramLabel = "FILE",
      description = "Watch this recording in place of agent or kernel.")
  private @Nullable Path recording;

  @CommandLine.Mixin private AgentOption agent = new AgentOption();

  @CommandLine.Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table or jsonl. Default: ${DEFAULT-VALUE}.")
  private Lines format = Lines.TABLE;

  @CommandLine.Option(names = "--help", usageHelp = true, description = "Print this.")
  boolean help;

  private Runnable stop = () -> {};

  @Override
  public Integer call() {
    agent.excludes(recording, spec.commandLine());
    if (recording != null
        && OneReading.recording(recording)
            instanceof OneReading.Result.Invalid(List<String> problems)) {
      problems.forEach(problem -> tell(recording + ": " + problem));
      return ExitCode.USAGE;
    }
    try {
      if (recording != null) {
        return observe();
      }
      return switch (agent.ask(this::tell)) {
        case AgentOption.Turn.Agent _ -> observeAgent();
        case AgentOption.Turn.Kernel _ -> observe();
        case AgentOption.Turn.Nobody(String reason) -> {
          tell(reason);
          yield ExitCode.REFUSED;
        }
      };
    } catch (IllegalStateException | UncheckedIOException e) {
      tell(String.valueOf(e.getMessage()));
      return ExitCode.REFUSED;
    }
  }

  /** The recording, if one is given, or the kernel. */
  private int observe() {
    Observation.run(recording, new Lister(), stopper -> stop = stopper);
    return ExitCode.FOUND;
  }

  private int observeAgent() {
    try (AgentClient client = new AgentClient(agent.socket())) {
      stop = client::stop;
      String end =
          client.watch(
              new Lister(),
              readings -> tell(readings + " readings came too fast; what they made follows"));
      if (end.isEmpty()) {
        return ExitCode.FOUND;
      }
      tell(end);
      return ExitCode.REFUSED;
    }
  }

  /** Prints what it hears. */
  private final class Lister implements InventoryListener {
    private @Nullable Inventory before;

    @Override
    public void changed(Inventory inventory, Instant eventAt, Instant readAt) {
      if (before == null) {
        err().println("Watching " + inventory.devices().size() + " devices.");
        inventory.unreadDevices().forEach(device -> tell(device.describe()));
      } else {
        PrintWriter out = spec.commandLine().getOut();
        InventoryDiff diff = InventoryDiff.of(before, inventory, eventAt, readAt);
        diff.changes().forEach(change -> out.println(line(change, diff)));
        if (out.checkError()) { // it flushes, too
          stop.run(); // nobody reads any more, and devices that are held here cannot be removed
        }
      }
      before = inventory;
    }

    @Override
    public void refused(String reason) {
      tell(reason);
    }

    @Override
    public void problems(List<String> problems) {
      problems.forEach(problem -> tell(recording + ": " + problem));
      tell(
          problems.isEmpty()
              ? recording + ": sound again"
              : recording + ": counts as it was until it is sound again");
    }
  }

  private String line(InventoryChange change, InventoryDiff diff) {
    if (format == Lines.TABLE) {
      return diff.eventAt() + "  " + change;
    }
    return ChangeJson.of(change)
        .put("time", diff.eventAt().toString())
        .put("readTime", diff.readAt().toString())
        .toString();
  }

  private void tell(String sentence) {
    err().println(Source.PREFIX + sentence);
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
