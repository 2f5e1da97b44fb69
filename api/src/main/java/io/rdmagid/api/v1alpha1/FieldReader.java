package io.rdmagid.api.v1alpha1;

import io.rdmagid.api.v1alpha1.Parsed.Problem;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.IpSubnet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of one object and collects what is wrong with them, so that all of it is told at
 * once. A field that is wrong reads as a value of no meaning. Not thread-safe.
 */
final class FieldReader {
  private static final int LAST_PORT = 255;
  private static final String MISSING = "is missing or of the wrong type";

  private final List<Problem> problems = new ArrayList<>();

  /** What was wrong so far, in the order in which it was read. */
  List<Problem> problems() {
    return problems;
  }

  void problem(String path, String text) {
    problems.add(new Problem(path, text));
  }

  void missing(String path) {
    problem(path, MISSING);
  }

  /** Empty where it is wrong. */
  String text(String path, @Nullable String text) {
    if (text == null || text.isEmpty()) {
      missing(path);
      return "";
    }
    return text;
  }

  /** 0 where it is wrong. */
  int port(String path, @Nullable Integer port) {
    if (port == null) {
      missing(path);
      return 0;
    }
    if (port < 1 || port > LAST_PORT) {
      problem(path, "is not 1 to " + LAST_PORT + ": " + port);
    }
    return port;
  }

  /** 0 where it is wrong. */
  long count(String path, @Nullable Number count) {
    if (count == null) {
      missing(path);
      return 0;
    }
    if (count.longValue() < 0) {
      problem(path, "is negative: " + count);
    }
    return count.longValue();
  }

  /** Null where it is wrong. */
  @Nullable Gid gid(String path, @Nullable String text) {
    if (text == null) {
      missing(path);
      return null;
    }
    try {
      Gid gid = Gid.parse(text);
      if (!gid.isZero()) {
        return gid;
      }
      problem(path, "is zero, which is an empty slot");
    } catch (IllegalArgumentException e) {
      problem(path, "is no GID: '" + text + "'");
    }
    return null;
  }

  /**
   * One of a few words; null where it is wrong.
   *
   * @param what a word of this kind, such as {@code type}
   * @param known reads those that this version knows
   */
  <T> @Nullable T word(
      String path, @Nullable String text, String what, Function<String, Optional<T>> known) {
    if (text == null) {
      missing(path);
      return null;
    }
    Optional<T> word = known.apply(text);
    if (word.isEmpty()) {
      problem(path, "is no " + what + " that this version knows: '" + text + "'");
    }
    return word.orElse(null);
  }

  /** Those that are right. */
  List<IpSubnet> subnets(String path, List<String> texts) {
    List<IpSubnet> subnets = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      try {
        subnets.add(IpSubnet.parse(texts.get(i)));
      } catch (IllegalArgumentException e) {
        problem(path + "[" + i + "]", "is no subnet: " + e.getMessage());
      }
    }
    return subnets;
  }
}
