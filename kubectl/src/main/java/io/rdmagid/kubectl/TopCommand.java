package io.rdmagid.kubectl;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.rdmagid.kubectl.cluster.Cluster;
import io.rdmagid.terminal.ExitCode;
import java.io.Console;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
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

  private static final long MILLIS = 1000;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @CommandLine.Option(names = "--once", description = "Show them once on a terminal, too.")
  private boolean once;

  @CommandLine.Option(
      names = "--interval",
      paramLabel = "SECONDS",
      defaultValue = "5",
      description = "Seconds between two readings, 1 to 3600. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @CommandLine.Mixin private ClusterOption cluster = new ClusterOption();

  @CommandLine.Option(names = "--help", usageHelp = true, description = "Print this.")
  boolean help;

  private final BooleanSupplier terminal;

  @SuppressWarnings("SystemConsoleNull") // it is null again since Java 25 where there is none
  TopCommand() {
    this(() -> Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent());
  }

  /** For another terminal than the process's. */
  TopCommand(BooleanSupplier terminal) {
    this.terminal = terminal;
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
    List<String> picture = TopPicture.of(read.snapshot(""), colours);
    if (once || !terminal.getAsBoolean()) {
      draw(picture, "");
      return ExitCode.FOUND;
    }
    try {
      // Nobody reads any more where the terminal is gone.
      while (draw(picture, CLEAR)) {
        Thread.sleep(seconds * MILLIS);
        picture = again(read, picture, colours);
      }
      return ExitCode.FOUND;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.FOUND;
    }
  }

  /** A picture of now; where the cluster does not answer the last one, which says so. */
  private static List<String> again(Cluster read, List<String> before, boolean colours) {
    try {
      return TopPicture.of(read.snapshot(""), colours);
    } catch (KubernetesClientException e) {
      List<String> old = new ArrayList<>(before);
      String note = "(old: the API server does not answer)";
      if (!old.getLast().equals(note)) {
        old.add(note);
      }
      return old;
    }
  }

  /** Whether somebody can have seen it. */
  private boolean draw(List<String> picture, String begin) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(begin);
    picture.forEach(out::println);
    return !out.checkError();
  }
}
