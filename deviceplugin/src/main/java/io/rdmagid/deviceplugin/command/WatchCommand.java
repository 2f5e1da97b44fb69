package io.rdmagid.deviceplugin.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.InventoryChange;
import io.rdmagid.deviceplugin.inventory.InventoryDiff;
import io.rdmagid.deviceplugin.observe.InventoryListener;
import io.rdmagid.deviceplugin.observe.OneReading;
import io.rdmagid.terminal.ExitCode;
import io.rdmagid.terminal.Printer;
import io.rdmagid.terminal.Tone;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
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
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @CommandLine.Option(
      names = "--recording",
      paramLabel = "FILE|FOLDER",
      description =
          "Watch this recording in place of agent or kernel; of a folder all *.json in it, those"
              + " that come later included.")
  private @Nullable Path recording;

  @CommandLine.Mixin private AgentOption agent = new AgentOption();

  @CommandLine.Mixin private Printer printer = new Printer();

  @CommandLine.Option(names = "--help", usageHelp = true, description = "Print this.")
  boolean help;

  private Runnable stop = () -> {};
  private boolean several;

  @Override
  public Integer call() {
    agent.excludes(recording, spec.commandLine());
    try {
      if (recording != null) {
        return observe(recording);
      }
      return switch (agent.ask(this::tell)) {
        case AgentOption.Turn.Agent _ -> observeAgent();
        case AgentOption.Turn.Kernel _ -> {
          Observation.run(null, new Lister("kernel"), stopper -> stop = stopper);
          yield ExitCode.FOUND;
        }
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

  private int observe(Path watched) {
    return switch (RecordingFiles.of(watched)) {
      case RecordingFiles.Several(Path folder, _) -> {
        several = true;
        Observation.ofFolder(
            folder, file -> new Lister(file.toString()), stopper -> stop = stopper);
        yield ExitCode.FOUND;
      }
      case RecordingFiles.Single(Path file) -> observeFile(file);
      case RecordingFiles.Missing(String why, int exitCode) -> {
        tell(why);
        yield exitCode;
      }
    };
  }

  private int observeFile(Path file) {
    if (OneReading.recording(file) instanceof OneReading.Result.Invalid(List<String> problems)) {
      problems.forEach(problem -> tell(file + ": " + problem));
      return ExitCode.USAGE;
    }
    Observation.run(file, new Lister(file.toString()), stopper -> stop = stopper);
    return ExitCode.FOUND;
  }

  private int observeAgent() {
    try (AgentClient client = new AgentClient(agent.socket())) {
      stop = client::stop;
      String end =
          client.watch(
              new Lister(Reading.AGENT),
              readings -> tell(readings + " readings came too fast; what they made follows"));
      if (end.isEmpty()) {
        return ExitCode.FOUND;
      }
      tell(end);
      return ExitCode.REFUSED;
    }
  }

  /** Prints what it hears of one source. */
  private final class Lister implements InventoryListener {
    private final String source;
    private @Nullable Inventory before;

    Lister(String source) {
      this.source = source;
    }

    @Override
    public void changed(Inventory inventory, Instant eventAt, Instant readAt) {
      if (before == null) {
        err()
            .println(
                "Watching "
                    + inventory.devices().size()
                    + (several ? " devices of " + source + "." : " devices."));
        inventory.refusals().forEach(WatchCommand.this::tell);
        inventory.foreign().ifPresent(WatchCommand.this::tell);
      } else {
        print(InventoryDiff.of(before, inventory, eventAt, readAt));
        if (spec.commandLine().getOut().checkError()) {
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
      problems.forEach(problem -> tell(source + ": " + problem));
      if (before == null) {
        return; // nothing is known of it that could count
      }
      tell(
          problems.isEmpty()
              ? source + ": sound again"
              : source + ": counts as it was until it is sound again");
    }

    @Override
    public void gone() {
      tell(source + ": gone; if it comes again, it is watched as a new one");
    }

    private void print(InventoryDiff diff) {
      if (diff.changes().isEmpty()) {
        return;
      }
      if (printer.isText()) {
        String start =
            diff.eventAt()
                + (printer.isWide() ? "  " + diff.readAt() : "")
                + (several ? "  " + source : "")
                + "  ";
        printer.text(
            diff.changes().stream()
                .map(change -> tone(change).of(start + change, printer.colours()))
                .toList());
        return;
      }
      ObjectNode document = JsonNodeFactory.instance.objectNode();
      times(document, diff);
      ArrayNode changes = document.putArray("changes");
      List<ObjectNode> lines = new ArrayList<>();
      for (InventoryChange change : diff.changes()) {
        ObjectNode json = ChangeJson.of(change);
        changes.add(json);
        ObjectNode line = json.deepCopy();
        times(line, diff);
        lines.add(line);
      }
      printer.data(document, lines);
    }

    private void times(ObjectNode json, InventoryDiff diff) {
      json.put("source", source)
          .put("time", diff.eventAt().toString())
          .put("readTime", diff.readAt().toString());
    }
  }

  private void tell(String sentence) {
    err().println(Source.PREFIX + sentence);
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }

  private static Tone tone(InventoryChange change) {
    return switch (change) {
      case InventoryChange.DeviceAdded _, InventoryChange.EntryAdded _ -> Tone.GOOD;
      case InventoryChange.DeviceRemoved _,
          InventoryChange.DeviceUnread _,
          InventoryChange.EntryRemoved _ ->
          Tone.BAD;
      case InventoryChange.EntryMoved _, InventoryChange.AttributesChanged _ -> Tone.CHANGED;
    };
  }
}
