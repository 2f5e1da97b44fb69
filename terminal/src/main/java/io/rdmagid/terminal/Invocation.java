package io.rdmagid.terminal;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.slf4j.helpers.NOP_FallbackServiceProvider;
import picocli.CommandLine;

/** How a command line is run. */
public final class Invocation {
  private Invocation() {}

  /** What a command does with its words. */
  @FunctionalInterface
  public interface Program {
    /** Gives the exit code. */
    int run(PrintWriter out, PrintWriter err, String... arguments);
  }

  /** Runs the program for this process's output, and ends the process with its exit code. */
  public static void end(Program program, String... arguments) {
    quiet();
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int code = program.run(out, err, arguments);
    out.flush();
    err.flush();
    System.exit(code);
  }

  /**
   * Runs one command line and gives its exit code.
   *
   * @param prefix of each problem on the error stream: the command's name, a colon and a space
   */
  public static int run(
      CommandLine commandLine,
      String prefix,
      PrintWriter out,
      PrintWriter err,
      String... arguments) {
    CommandLine prepared = prepared(commandLine, prefix, out, err);
    try {
      return prepared.execute(arguments);
    } catch (OutOfMemoryError e) {
      err.println(
          prefix
              + "out of memory ("
              + e.getMessage()
              + "): give Java more, such as JDK_JAVA_OPTIONS=-Xmx4g");
      return ExitCode.REFUSED;
    } catch (Error e) {
      // picocli lets it pass, and a JVM whose main thread throws ends with 1: there is nothing.
      err.println(prefix + e);
      return ExitCode.REFUSED;
    }
  }

  private static CommandLine prepared(
      CommandLine commandLine, String prefix, PrintWriter out, PrintWriter err) {
    return commandLine
        .setOut(out)
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler((e, _, _) -> {
          // A refusal that no command knows: 1 would say that there is nothing.
          err.println(prefix + e);
          return ExitCode.REFUSED;
        })
        .setParameterExceptionHandler((e, _) -> {
          err.println(prefix + e.getMessage());
          err.println("Try '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
          return ExitCode.USAGE;
        });
  }

  /**
   * What people need to know the commands print; logging is for processes that run on. Before the
   * first logger: logback, once found, reads its configuration by an XML parser, which took longer
   * than all the rest of a command.
   */
  private static void quiet() {
    System.setProperty("slf4j.internal.verbosity", "WARN"); // else SLF4J tells of the next line
    System.setProperty("slf4j.provider", NOP_FallbackServiceProvider.class.getName());
  }
}
