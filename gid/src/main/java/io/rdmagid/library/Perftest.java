package io.rdmagid.library;

import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;
import io.rdmagid.gid.IpFamily;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The programs of perftest. They read no variables: {@link #options} tells them.
 *
 * @param scored whether it is 26.04.17 or later (commit 57927ab), which gives each entry a score;
 *     before, Debian's included, each slot is compared with the best so far
 * @param index option {@code -x}
 * @param ipv6 option {@code --ipv6}
 */
public record Perftest(boolean scored, OptionalInt index, boolean ipv6) implements Library {
  private static final int MOST = 64;
  private static final Pattern INDEX =
      Pattern.compile("(?:^|\\s)(?:-x\\s*|--gid-index(?:=|\\s+))(\\S+)");
  private static final Pattern IPV6 = Pattern.compile("(?:^|\\s)--ipv6(?:\\s|$)");

  /**
   * The newest with the options of a command line: {@code -x 3}, {@code -x3}, {@code --gid-index 3}
   * or {@code --gid-index=3}, of which the last counts, and {@code --ipv6}.
   */
  public static Perftest of(String commandLine) {
    OptionalInt index = OptionalInt.empty();
    Matcher matcher = INDEX.matcher(commandLine);
    while (matcher.find()) {
      index =
          OptionalInt.of(
              Math.clamp(LeadingNumber.ofDecimal(matcher.group(1)), 0, Integer.MAX_VALUE));
    }
    return new Perftest(true, index, IPV6.matcher(commandLine).find());
  }

  /**
   * The options by which a program of perftest uses this port and takes its entry, such as {@code
   * -d mlx5_0 -i 1 -x 3}; empty where it cannot be told: beyond index 64, and on InfiniBand, where
   * it uses none.
   */
  public static Optional<String> options(ChosenPort port) {
    return port.type() == GidType.IB || port.index() > MOST
        ? Optional.empty()
        : Optional.of("-d " + port.device() + " -i " + port.port() + " -x " + port.index());
  }

  @Override
  public String name() {
    return "perftest";
  }

  @Override
  public String version() {
    return scored ? "26.04.17" : "26.01";
  }

  @Override
  public Pick pick(GidTable table, Map<String, String> environment) {
    if (table.infiniBand()) {
      return new Pick.None("no GID index is used on InfiniBand");
    }
    if (index.isPresent()) {
      int told = index.getAsInt();
      return told <= MOST
          ? new Pick.Index(told, "-x " + told)
          : new Pick.None("-x takes 0 to " + MOST + ", not " + told);
    }
    return scored ? best(table) : last(table);
  }

  @Override
  public Set<String> variables() {
    return Set.of();
  }

  @Override
  public SortedMap<String, String> emit(List<ChosenPort> ports) {
    return new TreeMap<>();
  }

  private IpFamily wanted() {
    return ipv6 ? IpFamily.IPV6 : IpFamily.IPV4;
  }

  private Pick best(GidTable table) {
    int best = 0;
    int score = -1;
    for (GidEntry entry : table.entries().toList()) {
      if (score(entry) > score) {
        best = entry.index();
        score = score(entry);
      }
    }
    return new Pick.Index(
        best, score < 0 ? "no entry: it stays at slot 0" : "the highest score, " + score);
  }

  private int score(GidEntry entry) {
    Gid gid = entry.gid();
    return (WireAddress.family(gid) == wanted() ? 100 : 0)
        + (gid.isLinkLocal() ? 0 : 10)
        + WireAddress.roceVersion(entry.type());
  }

  /** The family decides; else the version, unless the best so far is an empty slot. */
  private Pick last(GidTable table) {
    int best = 0;
    for (GidEntry entry : table.entries().toList()) {
      boolean family =
          WireAddress.family(entry.gid()) == wanted()
              && WireAddress.family(table.gidAt(best)) != wanted();
      int version = WireAddress.roceVersion(entry.type());
      if (family
          || table.at(best).filter(b -> WireAddress.roceVersion(b.type()) < version).isPresent()) {
        best = entry.index();
      }
    }
    return new Pick.Index(best, "compared pair by pair, the family before the version");
  }
}
