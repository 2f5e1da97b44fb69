package io.rdmagid.deviceplugin;

import io.rdmagid.deviceplugin.transport.UnixSocket;
import io.rdmagid.management.ProcessOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The values of options, by kind. Of a wrong one there is a problem, and some value in its place.
 */
final class OptionValues {
  private OptionValues() {}

  /** Of one that is true or false. */
  static boolean truth(String option, String text, List<String> problems) {
    if (!text.equals("true") && !text.equals("false")) {
      problems.add(
          ProcessOptions.problem(option, text, "is neither true nor false", "give one of the two"));
    }
    return text.equals("true");
  }

  /** The one of these that is called so, or the first, with a problem. */
  static <E extends Enum<E>> E oneOf(
      E[] all, String option, String text, String wrong, String advice, List<String> problems) {
    for (E one : all) {
      if (one.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(text)) {
        return one;
      }
    }
    problems.add(ProcessOptions.problem(option, text, wrong, advice));
    return all[0];
  }

  /** Of one that is the path of a Unix socket. */
  static Path socket(String option, String text, String advice, List<String> problems) {
    Path socket = Path.of(text);
    if (!socket.isAbsolute() || socket.getFileName() == null) {
      problems.add(ProcessOptions.problem(option, text, "is no absolute path of a socket", advice));
    } else if (!UnixSocket.fits(socket)) {
      problems.add(
          ProcessOptions.problem(
              option,
              text,
              "has more than the "
                  + UnixSocket.LONGEST_PATH
                  + " bytes that a socket's path may have",
              "give a shorter one"));
    }
    return socket;
  }
}
