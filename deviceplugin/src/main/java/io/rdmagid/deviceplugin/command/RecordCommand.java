package io.rdmagid.deviceplugin.command;

import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.observe.InventoryListener;
import io.rdmagid.deviceplugin.observe.NodeRecorder;
import io.rdmagid.deviceplugin.observe.OneReading;
import io.rdmagid.deviceplugin.recording.Recording;
import io.rdmagid.deviceplugin.recording.RecordingReader;
import io.rdmagid.deviceplugin.recording.RecordingResult;
import io.rdmagid.deviceplugin.recording.RecordingWriter;
import io.rdmagid.terminal.ExitCode;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code rdmagid record}: the tables as a file. */
@CommandLine.Command(
    name = "record",
    description = {
      "Writes this node's tables as a recording, which every command reads in place of the",
      "kernel. Of a recording it writes the same anew, or the part that --device names."
    },
    footer =
        "A recording names the host, its addresses and PCI devices. Of the environment it holds"
            + " what --env says, nothing else.",
    sortOptions = false)
final class RecordCommand implements Callable<Integer> {
  private static final NodeRecorder RECORDER =
      new NodeRecorder(Path.of("/proc"), Clock.systemUTC());

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @CommandLine.Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "Write here, whole or not at all; without it on the standard output.")
  private @Nullable Path file;

  @CommandLine.Option(names = "--force", description = "Replace FILE if it is there.")
  private boolean force;

  @CommandLine.Option(
      names = "--watch",
      description = {
        "Go on: write FILE again after each change of the kernel's tables, until an interrupt",
        "(Ctrl-C)."
      })
  private boolean watch;

  @CommandLine.Option(
      names = "--device",
      paramLabel = "NAME",
      description = "Only this device; may be given again.")
  private List<String> names = new ArrayList<>();

  @CommandLine.Option(
      names = "--env",
      paramLabel = "NAME=VALUE",
      arity = "1..*",
      description = "Variables that a job has, for explain.")
  private Map<String, String> variables = new LinkedHashMap<>();

  @CommandLine.Option(
      names = "--recording",
      paramLabel = "FILE",
      description = "Read this recording in place of the kernel.")
  private @Nullable Path recording;

  @CommandLine.Option(names = "--help", usageHelp = true, description = "Print this.")
  boolean help;

  private final Supplier<OneReading.Result> kernel;
  private final BiConsumer<InventoryListener, Consumer<Runnable>> changes;
  private int code = ExitCode.FOUND;
  private Runnable stop = () -> {};

  RecordCommand() {
    this(
        () -> OneReading.kernel(Source.SYSFS),
        (listener, started) -> Observation.run(null, listener, started));
  }

  /**
   * The same with a kernel of another kind.
   *
   * @param changes tells of them, after it gave what ends it
   */
  RecordCommand(
      Supplier<OneReading.Result> kernel,
      BiConsumer<InventoryListener, Consumer<Runnable>> changes) {
    this.kernel = kernel;
    this.changes = changes;
  }

  @Override
  public Integer call() {
    List<String> problems = problems();
    if (!problems.isEmpty()) {
      problems.forEach(this::tell);
      return ExitCode.USAGE;
    }
    if (recording != null) {
      ofRecording(recording);
    } else if (watch) {
      ofChanges();
    } else {
      ofKernel();
    }
    return code;
  }

  private List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (file == null && force) {
      problems.add("--force without -f: there is no file to replace");
    }
    if (file == null && watch) {
      problems.add("--watch without -f: name the file to keep up to date");
    }
    if (watch && recording != null) {
      problems.add("--watch with --recording: leave one out, a recording is a file already");
    }
    if (file != null && Files.exists(file) && !Files.isRegularFile(file)) {
      problems.add(file + " is no regular file: leave -f out for the standard output");
    } else if (file != null && !force && Files.exists(file)) {
      problems.add(file + " is there: replace it by --force, or name another");
    }
    return problems;
  }

  private void ofRecording(Path source) {
    switch (RecordingReader.read(source)) {
      case RecordingResult.Valid(Recording read) -> {
        Map<String, String> environment = new HashMap<>(read.environment());
        environment.putAll(variables);
        Inventory inventory = chosen(read.inventory());
        if (code == ExitCode.FOUND) {
          write(new Recording(read.capture(), inventory, read.links(), environment), force);
        }
      }
      case RecordingResult.Invalid(List<String> problems) -> {
        problems.forEach(problem -> tell(source + ": " + problem));
        end(ExitCode.USAGE);
      }
    }
  }

  private void ofKernel() {
    switch (kernel.get()) {
      case OneReading.Result.Read(Inventory all, List<String> refusals, _) -> {
        refusals.forEach(this::tell);
        all.foreign().ifPresent(this::tell);
        Inventory inventory = chosen(all.ofThisNamespace());
        if (code == ExitCode.FOUND && !inventory.isEmpty()) {
          record(inventory);
        } else if (code == ExitCode.FOUND) {
          tell(Source.NO_PORT);
          end(ExitCode.NOTHING);
        }
        if (!refusals.isEmpty()) {
          end(ExitCode.REFUSED);
        }
      }
      case OneReading.Result.Invalid(List<String> problems) ->
          throw new IllegalStateException("the kernel's tables are no recording: " + problems);
      case OneReading.Result.Refused(String reason) -> {
        tell(reason);
        end(ExitCode.REFUSED);
      }
    }
  }

  private void record(Inventory inventory) {
    Recording recording;
    try {
      recording = RECORDER.of(inventory, variables);
    } catch (IllegalStateException e) {
      tell(String.valueOf(e.getMessage()));
      end(ExitCode.REFUSED);
      return;
    }
    write(recording, force);
  }

  private void ofChanges() {
    try {
      changes.accept(new FileKeeper(), stopper -> stop = stopper);
    } catch (IllegalStateException e) {
      tell(String.valueOf(e.getMessage()));
      end(ExitCode.REFUSED);
    }
  }

  /** Writes the file when something changed. */
  private final class FileKeeper implements InventoryListener {
    private boolean ours = force;
    private boolean first = true;
    private List<String> unread = List.of();

    @Override
    public void changed(Inventory inventory, Instant eventAt, Instant readAt) {
      tellOfUnread(inventory);
      Inventory asked = first ? chosen(inventory) : only(inventory);
      first = false;
      if (code == ExitCode.FOUND) {
        keep(asked);
      }
      if (code != ExitCode.FOUND) {
        stop.run();
      }
    }

    private void keep(Inventory inventory) {
      Recording recording;
      try {
        recording = RECORDER.of(inventory, variables);
      } catch (IllegalStateException e) {
        tell(e.getMessage() + "; the next change is recorded again");
        return;
      }
      write(recording, ours);
      ours = true;
    }

    @Override
    public void refused(String reason) {
      tell(reason);
    }

    /** Once for as long as they stay the same. */
    private void tellOfUnread(Inventory inventory) {
      List<String> now = inventory.refusals();
      now.stream().filter(sentence -> !unread.contains(sentence)).forEach(RecordCommand.this::tell);
      unread = now;
    }
  }

  /** The devices asked for; tells of those that are not there. */
  private Inventory chosen(Inventory all) {
    Inventory chosen = only(all);
    List<String> there = all.devices().stream().map(Device::name).toList();
    for (String name : names) {
      if (!there.contains(name) && !all.unread().contains(name)) {
        tell(
            "no device "
                + name
                + "; there "
                + (there.isEmpty() ? "is none" : "are " + String.join(", ", there)));
        end(ExitCode.NOTHING);
      }
    }
    return chosen;
  }

  private Inventory only(Inventory all) {
    return names.isEmpty()
        ? all
        : new Inventory(
            all.devices().stream().filter(device -> names.contains(device.name())).toList(),
            all.unreadDevices().stream().filter(device -> names.contains(device.name())).toList(),
            all.namespaceMode());
  }

  private void write(Recording made, boolean replace) {
    String text = RecordingWriter.text(made);
    // What does not fit into the format, such as a 65th device, is found by reading it.
    if (RecordingReader.parse(text) instanceof RecordingResult.Invalid(List<String> problems)) {
      problems.forEach(problem -> tell("cannot be recorded: " + problem));
      tell("docs/recording.md has the bounds; --device NAME records a part of the devices");
      end(ExitCode.REFUSED);
    } else if (file == null) {
      spec.commandLine().getOut().print(text);
      spec.commandLine().getOut().flush();
    } else {
      try {
        WholeFile.write(file, text, replace);
      } catch (FileAlreadyExistsException e) {
        tell(file + " is there by now: replace it by --force, or name another");
        end(ExitCode.USAGE);
      } catch (IOException e) {
        tell(file + " cannot be written: " + e);
        end(ExitCode.REFUSED);
      }
    }
  }

  /** The highest counts: what the system refused more than what is not there. */
  private void end(int because) {
    code = Math.max(code, because);
  }

  private void tell(String problem) {
    spec.commandLine().getErr().println(Source.PREFIX + problem);
  }
}
