package io.rdmagid.deviceplugin.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.Set;
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
      description = "Watch this recording in place of the kernel.")
  private @Nullable Path recording;

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
    if (recording != null) {
      if (OneReading.recording(recording)
          instanceof OneReading.Result.Invalid(List<String> problems)) {
        problems.forEach(problem -> tell(recording + ": " + problem));
        return ExitCode.USAGE;
      }
    }
    try {
      Observation.run(recording, new Lister(), stopper -> stop = stopper);
      return ExitCode.FOUND;
    } catch (IllegalStateException | UncheckedIOException e) {
      tell(String.valueOf(e.getMessage()));
      return ExitCode.REFUSED;
    }
  }

  /** Prints what it hears. */
  private final class Lister implements InventoryListener {
    private @Nullable Inventory before;

    @Override
    public void changed(Inventory inventory, Instant eventAt) {
      if (before == null) {
        Set<String> unread = inventory.unread();
        err()
            .println(
                "Watching "
                    + inventory.devices().size()
                    + " devices"
                    + (unread.isEmpty() ? "." : "; unread: " + String.join(", ", unread) + "."));
      } else {
        PrintWriter out = spec.commandLine().getOut();
        for (InventoryChange change : InventoryDiff.between(before, inventory)) {
          out.println(line(change, eventAt));
        }
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

  private String line(InventoryChange change, Instant eventAt) {
    if (format == Lines.TABLE) {
      return eventAt + "  " + change;
    }
    ObjectNode json = ChangeJson.of(change);
    json.put("time", eventAt.toString());
    return json.toString();
  }

  private void tell(String sentence) {
    err().println("rdmagid: " + sentence);
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
