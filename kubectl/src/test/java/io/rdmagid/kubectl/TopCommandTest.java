package io.rdmagid.kubectl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TopCommandTest {
  @TempDir private Path folder;

  /** A terminal that is closed when it has shown so many pictures. */
  private static final class Screen extends Writer {
    private final StringBuilder shown = new StringBuilder();
    private final int pictures;
    private final Runnable afterFirst;

    Screen(int pictures, Runnable afterFirst) {
      this.pictures = pictures;
      this.afterFirst = afterFirst;
    }

    @Override
    public void write(char[] text, int from, int length) throws IOException {
      shown.append(text, from, length);
    }

    @Override
    public void flush() throws IOException {
      if (pictures() == 1) {
        afterFirst.run();
      }
      if (pictures() >= pictures) {
        throw new IOException("closed");
      }
    }

    int pictures() {
      return shown.toString().split(Pattern.quote(TopCommand.CLEAR), -1).length - 1;
    }

    @Override
    public void close() {}
  }

  /** How long each reading takes. */
  private Duration reading = Duration.ZERO;

  private final List<Duration> pauses = new ArrayList<>();

  private int run(FakeApiServer server, Writer out, boolean terminal, String... words) {
    PrintWriter writer = new PrintWriter(out);
    AtomicLong now = new AtomicLong();
    TopCommand command =
        new TopCommand(
            new TopCommand.Surroundings(
                () -> terminal, () -> now.getAndAdd(reading.toNanos()), pauses::add));
    int code =
        new CommandLine(command)
            .setOut(writer)
            .setErr(new PrintWriter(new StringWriter()))
            .execute(with(words, "--kubeconfig=" + server.kubeconfig(folder, "train")));
    writer.flush();
    return code;
  }

  private static String[] with(String[] words, String last) {
    String[] all = Arrays.copyOf(words, words.length + 1);
    all[words.length] = last;
    return all;
  }

  @Test
  void aTerminalIsDrawnAgainAndAServerThatIsAwayIsSaid() {
    try (FakeApiServer server = FakeApiServer.of("healthy")) {
      Screen screen = new Screen(2, () -> server.refuse("rdmagids", 503));

      assertThat(run(server, screen, true, "--interval=1")).isZero();

      assertThat(screen.pictures()).isEqualTo(2);
      assertThat(screen.shown.toString())
          .containsOnlyOnce("(old: the API server does not answer)")
          .endsWith("(old: the API server does not answer)" + System.lineSeparator());
    }
  }

  @Test
  void thePictureAfterAChangeShowsIt() {
    try (FakeApiServer server = FakeApiServer.of("healthy")) {
      Screen screen = new Screen(2, () -> server.become("broken"));

      assertThat(run(server, screen, true, "--interval=1")).isZero();

      assertThat(pauses).containsExactly(Duration.ofSeconds(1));
      assertThat(screen.shown.toString().split(Pattern.quote(TopCommand.CLEAR), -1))
          .satisfiesExactly(
              before -> assertThat(before).isEmpty(),
              first ->
                  assertThat(first)
                      .startsWith("nodes 2, ports 3 (3 active), pools 2, pods 2, wrong 0")
                      .doesNotContain("DOWN"),
              second ->
                  assertThat(second)
                      .startsWith("nodes 3, ports 6 (5 active), pools 3, pods 5, wrong 15")
                      .containsPattern("2026-03-01T10:20:00Z +node-b/mlx5_1/1 +DOWN")
                      .doesNotContain("(old: ", "(next in "));
    }
  }

  /** The 40,000 ports of 5,000 nodes are some 240 MB: reading them is not all that goes on. */
  @Test
  void whatTakesLongToReadIsReadSeldomAndThatIsSaid() {
    reading = Duration.ofSeconds(30);
    try (FakeApiServer server = FakeApiServer.of("healthy")) {
      Screen screen = new Screen(3, () -> server.refuse("rdmagids", 503));

      assertThat(run(server, screen, true)).isZero();

      assertThat(pauses)
          .as("a server that answers again is not waited for")
          .containsExactly(Duration.ofSeconds(270), Duration.ofSeconds(5));
      String next = "(next in 270 s: reading took 30 s, and is at most a tenth of the time)";
      assertThat(screen.shown.toString().split(Pattern.quote(TopCommand.CLEAR), -1))
          .hasSize(4)
          .satisfies(pictures -> assertThat(pictures[1]).endsWith(next + System.lineSeparator()))
          .satisfies(
              pictures -> assertThat(pictures[3]).contains("(old: ").doesNotContain("(next in "));
    }
  }

  /** What is asked for is more already. */
  @Test
  void aReadingOfATenthOfTheIntervalLengthensNothing() {
    reading = Duration.ofMillis(500);
    try (FakeApiServer server = FakeApiServer.of("healthy")) {
      Screen screen = new Screen(2, () -> {});

      assertThat(run(server, screen, true)).isZero();

      assertThat(pauses).containsExactly(Duration.ofSeconds(5));
      assertThat(screen.shown.toString()).doesNotContain("(next in ");
    }
  }

  @Test
  void elsewhereAndWithOnceThereIsOnePicture() {
    try (FakeApiServer server = FakeApiServer.of("healthy")) {
      StringWriter pipe = new StringWriter();
      StringWriter once = new StringWriter();

      assertThat(run(server, pipe, false)).isZero();
      assertThat(run(server, once, true, "--once")).isZero();

      assertThat(once).hasToString(pipe.toString());
      assertThat(pipe.toString())
          .doesNotContain(TopCommand.CLEAR)
          .startsWith("nodes 2, ports 3 (3 active), pools 2, pods 2, wrong 0");
    }
  }
}
