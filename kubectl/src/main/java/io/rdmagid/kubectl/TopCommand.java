package io.rdmagid.kubectl;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.rdmagid.kubectl.cluster.Cluster;
import io.rdmagid.terminal.ExitCode;
import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import picocli.CommandLine;

/** {@code kubectl rdmagid top}: the fleet, live. */
@CommandLine.Command(
    name = "top",
    description = {
      "Shows nodes, pools, and the ports that changed last. On a terminal it draws again every",
      "few seconds, until an interrupt (Ctrl-C); elsewhere it shows them once."
    },
    sortOptions = false)
final class TopCommand implements Callable<Integer> {
  /** The cursor to the first place, and all after it gone: ECMA-48 CUP and ED. */
  static final String CLEAR = "\u001b[H\u001b[J";

  /**
   * Of all time at most one in so many parts is spent on reading: a large fleet is a large answer.
   */
  private static final int PARTS = 10;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @CommandLine.Option(names = "--once", description = "Show them once on a terminal, too.")
  private boolean once;

  @CommandLine.Option(
      names = "--interval",
      paramLabel = "SECONDS",
      defaultValue = "5",
      description = {
        "Seconds between two readings, 1 to 3600, or nine times as long as the last one took",
        "where that is more. Default: ${DEFAULT-VALUE}."
      })
  private int seconds;

  @CommandLine.Mixin private ClusterOption cluster = new ClusterOption();

  @CommandLine.Option(names = "--help", usageHelp = true, description = "Print this.")
  boolean help;

  private final Surroundings surroundings;

  /** Lets time pass. */
  @FunctionalInterface
  interface Pause {
    void of(Duration time) throws InterruptedException;
  }

  /**
   * Where it runs.
   *
   * @param isTerminal whether somebody looks
   * @param nanos a clock for differences, as {@link System#nanoTime}
   */
  record Surroundings(BooleanSupplier isTerminal, LongSupplier nanos, Pause pause) {}

  @SuppressWarnings("SystemConsoleNull") // it is null again since Java 25 where there is none
  TopCommand() {
    this(
        new Surroundings(
            () -> Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent(),
            System::nanoTime,
            Thread::sleep));
  }

  /** For others than the process's. */
  TopCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    if (seconds < 1 || seconds > 3600) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--interval takes 1 to 3600 seconds, not " + seconds);
    }
    return cluster.read((read, _) -> show(read));
  }

  private int show(Cluster read) {
    boolean colours = spec.commandLine().getColorScheme().ansi().enabled();
    long begin = surroundings.nanos().getAsLong();
    boolean wasRead = true;
    List<String> picture = TopPicture.of(read.snapshot(""), colours);
    if (once || !surroundings.isTerminal().getAsBoolean()) {
      draw("", picture, List.of());
      return ExitCode.FOUND;
    }
    List<String> notes = new ArrayList<>();
    try {
      while (true) {
        // How long a server does not answer is no measure of the fleet.
        Duration took =
            wasRead ? Duration.ofNanos(surroundings.nanos().getAsLong() - begin) : Duration.ZERO;
        Duration pause = pauseAfter(took);
        if (pause.toSeconds() > seconds) {
          notes.add(
              "(next in %d s: reading took %d s, and is at most a tenth of the time)"
                  .formatted(pause.toSeconds(), took.toSeconds()));
        }
        // Nobody reads any more where the terminal is gone.
        if (!draw(CLEAR, picture, notes)) {
          return ExitCode.FOUND;
        }
        notes.clear();
        surroundings.pause().of(pause);
        begin = surroundings.nanos().getAsLong();
        try {
          picture = TopPicture.of(read.snapshot(""), colours);
          wasRead = true;
        } catch (KubernetesClientException e) {
          wasRead = false;
          notes.add("(old: the API server does not answer)");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.FOUND;
    }
  }

  private Duration pauseAfter(Duration took) {
    Duration least = took.multipliedBy(PARTS - 1);
    Duration asked = Duration.ofSeconds(seconds);
    return least.compareTo(asked) > 0 ? least : asked;
  }

  /** Whether somebody can have seen it. */
  private boolean draw(String begin, List<String> picture, List<String> notes) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(begin);
    picture.forEach(out::println);
    notes.forEach(out::println);
    return !out.checkError();
  }
}
