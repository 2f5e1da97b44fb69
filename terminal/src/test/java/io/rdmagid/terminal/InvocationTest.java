package io.rdmagid.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class InvocationTest {
  /** Ends as it is told to. */
  @CommandLine.Command(name = "c")
  private record Program(Callable<Integer> body) implements Callable<Integer> {
    @Override
    public Integer call() throws Exception {
      return body.call();
    }
  }

  private final StringWriter err = new StringWriter();

  private int run(Callable<Integer> body) {
    return Invocation.run(
        new CommandLine(new Program(body)),
        "c: ",
        new PrintWriter(new StringWriter()),
        new PrintWriter(err, true));
  }

  @Test
  void aCommandSaysHowItEnds() {
    assertThat(run(() -> ExitCode.NOTHING)).isEqualTo(1);
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void whatNoCommandKnowsOfIsARefusal() {
    int code =
        run(() -> {
          throw new IllegalStateException("closed");
        });

    assertThat(code).isEqualTo(3);
    assertThat(err.toString()).isEqualTo("c: java.lang.IllegalStateException: closed\n");
  }

  /** 1 would say that there is nothing. */
  @Test
  void memoryThatRunsOutIsARefusalInOneSentence() {
    int code =
        run(() -> {
          throw new OutOfMemoryError("Java heap space");
        });

    assertThat(code).isEqualTo(3);
    assertThat(err.toString())
        .isEqualTo(
            "c: out of memory (Java heap space): give Java more, such as"
                + " JDK_JAVA_OPTIONS=-Xmx4g\n");
  }

  @Test
  void anyOtherErrorIsARefusalToo() {
    int code =
        run(() -> {
          throw new StackOverflowError("too deep");
        });

    assertThat(code).isEqualTo(3);
    assertThat(err.toString()).isEqualTo("c: java.lang.StackOverflowError: too deep\n");
  }
}
