package io.rdmagid.management;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/**
 * What the command lines of all rdmagid's processes have in common. Problems are added to the
 * caller's list, so that all are told at once.
 */
public final class ProcessOptions {
  private static final int MOST_PORT = 65_535;
  private static final Pattern ADDRESS =
      Pattern.compile("(?:\\[([0-9a-fA-F:.]+)]|([^:\\[\\]]*)):([0-9]{1,5})");

  private ProcessOptions() {}

  /** How much is logged. */
  public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE;

    /** Logs so much from now on. */
    public void apply() {
      if (LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
        root.setLevel(Level.toLevel(name()));
      }
    }
  }

  /**
   * Fills a picocli command whose options are texts, none of which needs a value (arity 0..1, an
   * empty fallback): picocli would stop at the first bad one or take the next option for its value.
   *
   * @param options the annotated object
   * @param process what has these options, such as {@code agent}
   * @return how to call it
   */
  public static String read(
      Object options, List<String> arguments, String process, List<String> problems) {
    CommandLine commandLine =
        new CommandLine(options)
            .setOverwrittenOptionsAllowed(true)
            .setUnmatchedArgumentsAllowed(true);
    commandLine.getCommandSpec().parser().collectErrors(true);
    CommandLine.ParseResult parsed = commandLine.parseArgs(arguments.toArray(String[]::new));
    parsed.errors().forEach(error -> problems.add(String.valueOf(error.getMessage())));
    parsed
        .unmatched()
        .forEach(argument ->
            problems.add(argument + " is not an option of the " + process + ": see --help"));
    return commandLine.getUsageMessage();
  }

  /**
   * The value of {@code --management-address}.
   *
   * @param usualPort stands in the advice
   */
  public static InetSocketAddress managementAddress(
      String text, int usualPort, List<String> problems) {
    return address("--management-address", text, usualPort, problems);
  }

  /**
   * The value of an option that says where to listen.
   *
   * @param usualPort stands in the advice
   */
  public static InetSocketAddress address(
      String option, String text, int usualPort, List<String> problems) {
    Matcher matcher = ADDRESS.matcher(text);
    if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > MOST_PORT) {
      problems.add(
          problem(
              option,
              text,
              "is not HOST:PORT",
              "give one such as 0.0.0.0:%1$d or [::]:%1$d".formatted(usualPort)));
      return new InetSocketAddress(0);
    }
    int port = Integer.parseInt(matcher.group(3));
    String host = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
    InetSocketAddress address =
        host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      problems.add(
          problem(option, text, "names a host that does not resolve", "give an IP address"));
    }
    return address;
  }

  /** The value of {@code --log-level}. */
  public static LogLevel logLevel(String text, List<String> problems) {
    for (LogLevel level : LogLevel.values()) {
      if (level.name().toLowerCase(Locale.ROOT).equals(text)) {
        return level;
      }
    }
    problems.add(
        problem("--log-level", text, "is not a level", "give error, warn, info, debug or trace"));
    return LogLevel.INFO;
  }

  /** A problem of an option's value, with what to do. */
  public static String problem(String option, String text, String wrong, String advice) {
    return option
        + (text.isEmpty() ? " needs a value" : " '" + text + "' " + wrong)
        + ": "
        + advice;
  }
}
