package io.rdmagid.deviceplugin.command;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.InventoryChange;
import io.rdmagid.deviceplugin.inventory.InventoryDiff;
import io.rdmagid.deviceplugin.observe.KernelObserver;
import io.rdmagid.deviceplugin.observe.ObserveMetrics;
import io.rdmagid.deviceplugin.observe.OneReading;
import io.rdmagid.deviceplugin.observe.RecordingObserver;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
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
  /** Events tell of everything; this catches what got lost. */
  private static final Duration RESYNC = Duration.ofMinutes(10);

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

  private @Nullable Inventory before;
  private Runnable stop = () -> {};

  @Override
  public Integer call() {
    agent.excludes(recording, spec.commandLine());
    if (recording != null) {
      if (OneReading.recording(recording)
          instanceof OneReading.Result.Invalid(List<String> problems)) {
        problems.forEach(problem -> tell(recording + ": " + problem));
        return ExitCode.USAGE;
      }
    }
    try {
      if (recording != null) {
        observe(recording);
        return ExitCode.FOUND;
      }
      return switch (agent.ask(_ -> {}, this::tell)) {
        case AGENT -> observeAgent();
        case KERNEL -> {
          observeKernel();
          yield ExitCode.FOUND;
        }
        case NOBODY -> ExitCode.REFUSED;
      };
    } catch (IllegalStateException | UncheckedIOException e) {
      tell(String.valueOf(e.getMessage()));
      return ExitCode.REFUSED;
    }
  }

  private void observe(Path file) {
    RecordingObserver observer = new RecordingObserver(file, this::print, Clock.systemUTC());
    stop = observer::stop;
    observer.run();
  }

  private int observeAgent() {
    try (AgentClient client = new AgentClient(agent.socket())) {
      stop = client::stop;
      String end =
          client.watch(
              this::print,
              readings -> tell(readings + " readings came too fast; what they made follows"));
      if (end.isEmpty()) {
        return ExitCode.FOUND;
      }
      tell(end);
      return ExitCode.REFUSED;
    }
  }

  private void observeKernel() {
    KernelObserver observer =
        new KernelObserver(
            new KernelObserver.Settings(Source.SYSFS, Path.of("/dev/infiniband"), RESYNC),
            this::print,
            new ObserveMetrics(new SimpleMeterRegistry()),
            Clock.systemUTC());
    stop = observer::stop;
    observer.run();
  }

  private void print(Inventory inventory, Instant eventAt, Instant readAt) {
    if (before == null) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("Watching " + inventory.devices().size() + " devices.");
      inventory.unreadDevices().forEach(device -> tell(device.describe()));
    } else {
      PrintWriter out = spec.commandLine().getOut();
      InventoryDiff diff = InventoryDiff.of(before, inventory, eventAt, readAt);
      diff.changes().forEach(change -> out.println(line(change, diff)));
      if (out.checkError()) { // it flushes, too
        stop.run(); // nobody reads any more, and the devices that are held here cannot be removed
      }
    }
    before = inventory;
  }

  private void tell(String problem) {
    spec.commandLine().getErr().println(Source.PREFIX + problem);
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
}
