package io.rdmagid.deviceplugin.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rdmagid.deviceplugin.observe.Stopwatch;
import io.rdmagid.deviceplugin.observe.TableBench;
import io.rdmagid.deviceplugin.observe.TableBench.Outcome;
import io.rdmagid.deviceplugin.observe.TableBench.Result;
import io.rdmagid.terminal.ExitCode;
import io.rdmagid.terminal.Printer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code rdmagid bench}: what reading a table costs. */
@CommandLine.Command(
    name = "bench",
    description = {
      "Measures what reading a device's tables costs: by the one call for all of them, and by",
      "walking the files of sysfs. Of a recording, what parsing it costs."
    },
    footer = "RATIO is how many times as long as by the one call; ALLOCATED is on the Java heap.",
    sortOptions = false)
final class BenchCommand implements Callable<Integer> {
  private static final int MOST_ROUNDS = 1_000_000;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @CommandLine.Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "100",
      description = "How often each is read. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @CommandLine.Option(
      names = "--device",
      paramLabel = "NAME",
      description = "Only this device; may be given again.")
  private List<String> names = new ArrayList<>();

  @CommandLine.Option(
      names = "--recording",
      paramLabel = "FILE|FOLDER",
      description = "Parse this recording instead; of a folder all *.json in it, by name.")
  private @Nullable Path recording;

  @CommandLine.Mixin private Printer printer = new Printer();

  @CommandLine.Option(names = "--help", usageHelp = true, description = "Print this.")
  boolean help;

  @Override
  public Integer call() {
    List<String> problems = new ArrayList<>();
    if (rounds < 1 || rounds > MOST_ROUNDS) {
      problems.add("--rounds " + rounds + ": from 1 to " + MOST_ROUNDS);
    }
    if (recording != null && !names.isEmpty()) {
      problems.add("--device with --recording: a recording is parsed as a whole");
    }
    if (!problems.isEmpty()) {
      problems.forEach(this::tell);
      return ExitCode.USAGE;
    }
    TableBench bench = new TableBench(rounds, Stopwatch.ofThisThread());
    if (recording == null) {
      return print(
          "kernel",
          bench.kernel(Source.SYSFS, name -> names.isEmpty() || names.contains(name)),
          false);
    }
    return switch (RecordingFiles.of(recording)) {
      case RecordingFiles.Single(Path file) -> print(file.toString(), bench.recording(file), false);
      case RecordingFiles.Several(_, List<Path> files) ->
          files.stream()
              .mapToInt(file -> print(file.toString(), bench.recording(file), true))
              .max()
              .orElseThrow();
      case RecordingFiles.Missing(String why, int exitCode) -> {
        tell(why);
        yield exitCode;
      }
    };
  }

  /** Prints what was measured, and gives the exit code. */
  private int print(String source, Outcome outcome, boolean named) {
    return switch (outcome) {
      case Outcome.Done(List<Result> results) -> {
        if (results.isEmpty()) {
          tell(names.isEmpty() ? Source.NO_PORT : "no device " + String.join(" or ", names));
          yield ExitCode.NOTHING;
        }
        if (printer.isText()) {
          printer.text(named ? List.of(source + ":") : List.of());
          printer.text(BenchResults.lines(results));
        } else {
          ObjectNode document = JsonNodeFactory.instance.objectNode().put("source", source);
          ArrayNode measurements = document.putArray("measurements");
          List<ObjectNode> lines = new ArrayList<>();
          for (ObjectNode json : BenchResults.json(results)) {
            measurements.add(json);
            ObjectNode line = JsonNodeFactory.instance.objectNode().put("source", source);
            line.setAll(json);
            lines.add(line);
          }
          printer.data(document, lines);
        }
        if (results.stream().noneMatch(Result.Measured.class::isInstance)) {
          yield ExitCode.REFUSED;
        }
        List<String> missing = new ArrayList<>(names);
        missing.removeIf(name -> results.stream().anyMatch(it -> it.device().equals(name)));
        missing.forEach(name -> tell("no device " + name));
        yield missing.isEmpty() ? ExitCode.FOUND : ExitCode.NOTHING;
      }
      case Outcome.Invalid(List<String> problems) -> {
        problems.forEach(problem -> tell(source + ": " + problem));
        yield ExitCode.USAGE;
      }
      case Outcome.Refused(String reason) -> {
        tell(reason);
        yield ExitCode.REFUSED;
      }
    };
  }

  private void tell(String problem) {
    spec.commandLine().getErr().println(Source.PREFIX + problem);
  }
}
