package io.rdmagid.deviceplugin.command;

import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.observe.NamespaceReading;
import io.rdmagid.deviceplugin.observe.OneReading;
import io.rdmagid.terminal.ExitCode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
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
   * One thing that was read.
   *
   * @param source its name in what is printed
   */
  private record Named(String source, OneReading.Result result) {}

  /** What there is to read: one after the other, so that only one is held at a time. */
  final class Readings {
    private final List<Supplier<Named>> sources;
    private int code;

    private Readings(List<Supplier<Named>> sources, int code) {
      this.sources = sources;
      this.code = code;
    }

    /** Whether what is printed of a reading has to say which it is. */
    boolean areSeveral() {
      return sources.size() > 1;
    }

    /** Reads each in its turn, and tells on the error stream of everything that cannot be read. */
    void each(Consumer<Reading> use) {
      for (Supplier<Named> source : sources) {
        code = Math.max(code, one(source.get(), use));
      }
    }

    /**
     * {@link ExitCode#FOUND}, or how the command has to end for what could not be read so far; that
     * was told already.
     */
    int code() {
      return code;
    }
  }

  /**
   * Looks what there is to read of the kernel as a program in another network namespace finds it.
   *
   * @param namespace null for the own one
   * @throws CommandLine.ParameterException if a recording is asked for as well
   */
  Readings read(@Nullable NamespaceFile namespace) {
    if (namespace == null) {
      return read();
    }
    agent.excludesNamespace(spec.commandLine());
    if (recording != null) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "--netns and --recording exclude each other: a recording has one namespace's links only");
    }
    return new Readings(List.of(() -> seenFrom(namespace)), ExitCode.FOUND);
  }

  /**
   * Looks what there is to read; tells on the error stream where there is nothing.
   *
   * @throws CommandLine.ParameterException if both an agent and a recording are asked for
   */
  Readings read() {
    agent.excludes(recording, spec.commandLine());
    if (recording == null) {
      return new Readings(List.of(this::node), ExitCode.FOUND);
    }
    return switch (RecordingFiles.of(recording)) {
      case RecordingFiles.Single(Path file) ->
          new Readings(List.of(recording(file)), ExitCode.FOUND);
      case RecordingFiles.Several(_, List<Path> files) ->
          new Readings(files.stream().map(Source::recording).toList(), ExitCode.FOUND);
      case RecordingFiles.Missing(String why, int exitCode) -> {
        tell(why);
        yield new Readings(List.of(), exitCode);
      }
    };
  }

  /**
   * How the command ends: what could not be read counts for more than what was found.
   *
   * @param readings all of them read
   * @param nothing told where nothing was found and all could be read
   */
  int end(Readings readings, boolean found, String nothing) {
    if (readings.code() != ExitCode.FOUND || found) {
      return readings.code();
    }
    tell(nothing);
    return ExitCode.NOTHING;
  }

  private static Supplier<Named> recording(Path file) {
    return () -> new Named(file.toString(), OneReading.recording(file));
  }

  private static Named seenFrom(NamespaceFile namespace) {
    return new Named(
        "netns " + namespace.text(),
        NamespaceReading.read(namespace.file(), SYSFS, new InsideProcess()));
  }

  /** This node's tables, whoever has read them. */
  private Named node() {
    return switch (agent.ask(this::tell)) {
      case AgentOption.Turn.Agent(Inventory inventory) ->
          new Named(
              Reading.AGENT, new OneReading.Result.Read(inventory, inventory.refusals(), Map.of()));
      case AgentOption.Turn.Kernel _ -> new Named("kernel", OneReading.kernel(SYSFS));
      case AgentOption.Turn.Nobody(String reason) ->
          new Named(Reading.AGENT, new OneReading.Result.Refused(reason));
    };
  }

  private int one(Named named, Consumer<Reading> use) {
    return switch (named.result()) {
      case OneReading.Result.Read(
              var inventory,
              List<String> refusals,
              Map<String, String> environment) -> {
        use.accept(new Reading(named.source(), inventory, environment));
        // What was refused to whoever made a recording is told, and refuses nothing now.
        (refusals.isEmpty() ? inventory.refusals() : refusals).forEach(this::tell);
        inventory.foreign().ifPresent(this::tell);
        yield refusals.isEmpty() ? ExitCode.FOUND : ExitCode.REFUSED;
      }
      case OneReading.Result.Invalid(List<String> problems) -> {
        problems.forEach(problem -> tell(named.source() + ": " + problem));
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
