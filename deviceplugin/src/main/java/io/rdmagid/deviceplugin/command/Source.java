package io.rdmagid.deviceplugin.command;

import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.observe.NamespaceReading;
import io.rdmagid.deviceplugin.observe.OneReading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * Where a command reads from: this node's agent, which has read the kernel, or the kernel itself, a
 * recording, or a folder of them.
 */
final class Source {
  /** Told by the commands that show whatever there is. */
  static final String NO_PORT = "no RDMA port here: is the driver's module loaded?";

  /** What a line on the error stream begins with. */
  static final String PREFIX = "rdmagid: ";

  /** Where the kernel tells of devices. */
  static final Path SYSFS = Path.of("/sys");

  @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @CommandLine.Option(
      names = "--recording",
      paramLabel = "FILE|FOLDER",
      description =
          "Read this recording in place of agent or kernel; of a folder all *.json in it, by name.")
  private @Nullable Path recording;

  @CommandLine.Mixin private AgentOption agent = new AgentOption();

  /**
   * What could be read.
   *
   * @param code {@link ExitCode#FOUND}, or how the command has to end for what could not be read;
   *     that was told already
   */
  record Readings(List<Reading> all, int code) {
    /** Whether what is printed of a reading has to say which it is. */
    boolean areSeveral() {
      return all.size() > 1;
    }
  }

  /**
   * Reads the kernel as a program in another network namespace finds it.
   *
   * @param namespace null for the own one
   * @throws CommandLine.ParameterException if a recording is asked for as well
   */
  Readings read(@Nullable NamespaceFile namespace) {
    if (namespace == null) {
      return read();
    }
    if (recording != null) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "--netns and --recording exclude each other: a recording has one namespace's links only");
    }
    List<Reading> all = new ArrayList<>();
    int code =
        add(
            all,
            "netns " + namespace.text(),
            NamespaceReading.read(namespace.file(), SYSFS, new InsideProcess()));
    return new Readings(all, code);
  }

  /** Reads, and tells on the error stream of everything that cannot be read. */
  Readings read() {
    agent.excludes(recording, spec.commandLine());
    List<Reading> all = new ArrayList<>();
    int code = ExitCode.FOUND;
    if (recording == null) {
      code = node(all);
    } else if (Files.isDirectory(recording)) {
      List<Path> files;
      try (Stream<Path> found = Files.list(recording)) {
        files = found.filter(file -> file.toString().endsWith(".json")).sorted().toList();
      } catch (IOException e) {
        tell(recording + ": cannot be read: " + e);
        return new Readings(all, ExitCode.REFUSED);
      }
      if (files.isEmpty()) {
        tell(recording + ": no *.json in this folder");
        return new Readings(all, ExitCode.USAGE);
      }
      for (Path file : files) {
        code = Math.max(code, add(all, file.toString(), OneReading.recording(file)));
      }
    } else {
      code = add(all, recording.toString(), OneReading.recording(recording));
    }
    return new Readings(all, code);
  }

  /**
   * How the command ends: what could not be read counts for more than what was found.
   *
   * @param nothing told where nothing was found and all could be read
   */
  int end(Readings readings, boolean found, String nothing) {
    if (readings.code() != ExitCode.FOUND || found) {
      return readings.code();
    }
    tell(nothing);
    return ExitCode.NOTHING;
  }

  /** This node's tables, whoever has read them. */
  private int node(List<Reading> all) {
    return switch (agent.ask(told -> all.add(Reading.ofAgent(told.inventory())), this::tell)) {
      case AGENT -> unread(all.getLast().inventory());
      case KERNEL -> add(all, "kernel", OneReading.kernel(SYSFS));
      case NOBODY -> ExitCode.REFUSED;
    };
  }

  private int unread(Inventory inventory) {
    inventory.unreadDevices().forEach(device -> tell(device.describe()));
    return inventory.unread().isEmpty() ? ExitCode.FOUND : ExitCode.REFUSED;
  }

  private int add(List<Reading> all, String source, OneReading.Result result) {
    return switch (result) {
      case OneReading.Result.Read(
              var inventory,
              List<String> refusals,
              Map<String, String> environment) -> {
        all.add(new Reading(source, inventory, environment));
        refusals.forEach(this::tell);
        yield refusals.isEmpty() ? ExitCode.FOUND : ExitCode.REFUSED;
      }
      case OneReading.Result.Invalid(List<String> problems) -> {
        problems.forEach(problem -> tell(source + ": " + problem));
        yield ExitCode.USAGE;
      }
      case OneReading.Result.Refused(String reason) -> {
        tell(reason);
        yield ExitCode.REFUSED;
      }
    };
  }

  private void tell(String problem) {
    spec.commandLine().getErr().println(PREFIX + problem);
  }
}
