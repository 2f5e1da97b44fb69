package io.rdmagid.kubectl;

import io.rdmagid.api.v1alpha1.RdmaGidPoolStatus;
import io.rdmagid.assignment.AssignmentState;
import io.rdmagid.kubectl.check.Checks;
import io.rdmagid.kubectl.snapshot.ClusterPort;
import io.rdmagid.kubectl.snapshot.KnownPool;
import io.rdmagid.kubectl.snapshot.Snapshot;
import io.rdmagid.pool.EffectiveRule;
import io.rdmagid.terminal.TextTable;
import io.rdmagid.terminal.Tone;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The state of the fleet on one screen. Pure. */
final class TopPicture {
  /** Nodes and changes that are shown; the rest is counted. */
  static final int MOST_NODES = 10;

  static final int MOST_CHANGES = 5;

  private TopPicture() {}

  /** The lines. */
  static List<String> of(Snapshot snapshot, boolean colours) {
    List<String> lines = new ArrayList<>();
    lines.add(summary(snapshot));
    if (!snapshot.pools().isEmpty()) {
      lines.add("");
      lines.addAll(pools(snapshot).lines(colours));
    }
    if (!snapshot.ports().isEmpty()) {
      lines.add("");
      lines.addAll(nodes(snapshot, colours));
      lines.add("");
      lines.addAll(changes(snapshot).lines(colours));
    }
    return lines;
  }

  private static String summary(Snapshot snapshot) {
    long active = snapshot.ports().stream().filter(ClusterPort::isActive).count();
    long held =
        snapshot.assignments().stream().filter(pod -> !pod.assignment().isReleased()).count();
    return "nodes "
        + snapshot.nodes().size()
        + ", ports "
        + snapshot.ports().size()
        + " ("
        + active
        + " active), pools "
        + snapshot.pools().size()
        + ", pods "
        + held
        + ", wrong "
        + Checks.of(snapshot).size();
  }

  private static TextTable pools(Snapshot snapshot) {
    TextTable table =
        new TextTable("POOL", "NODES", "PORTS", "HEALTHY", "ALLOCATED", "STATE", "RULE");
    for (KnownPool known : snapshot.pools()) {
      boolean unseen = known.status().conditions().isEmpty();
      boolean refused = known.condition(RdmaGidPoolStatus.ACCEPTED, "False").isPresent();
      boolean degraded = known.condition(RdmaGidPoolStatus.DEGRADED, "True").isPresent();
      table.add(
          unseen || refused ? Tone.BAD : degraded ? Tone.CHANGED : Tone.PLAIN,
          known.pool().name(),
          number(known.status().nodes()),
          number(known.status().ports()),
          number(known.status().healthy()),
          number(known.status().allocated()),
          unseen ? "unseen" : refused ? "refused" : degraded ? "degraded" : "accepted",
          known.effective().map(TopPicture::rule).orElse("none"));
    }
    return table;
  }

  private static String rule(EffectiveRule effective) {
    return effective.rule().type().text()
        + " "
        + effective.rule().family().text()
        + " "
        + effective.scope().text();
  }

  private static String number(@Nullable Integer number) {
    return number == null ? "" : number.toString();
  }

  /**
   * Of a node: how many ports, how many of them are usable, and what pods hold there. A port that
   * is of no pool may be without a cable: it is not counted as down.
   */
  private static final class Tally {
    int ports;
    int active;
    int down;
    int ready;
    int held;
    int current;
    boolean silent;

    int missing() {
      return down + held - current + (silent ? 1 : 0);
    }
  }

  /** Those where most is missing first. */
  private static List<String> nodes(Snapshot snapshot, boolean colours) {
    Map<String, Tally> tallies = new TreeMap<>();
    for (ClusterPort port : snapshot.ports()) {
      Tally tally = tallies.computeIfAbsent(port.ref().node(), _ -> new Tally());
      tally.ports++;
      tally.active += port.isActive() ? 1 : 0;
      tally.down += port.isActive() || port.status().pools().isEmpty() ? 0 : 1;
      tally.ready += port.preferred().isPresent() ? 1 : 0;
      tally.silent |= port.failed(ClusterPort.REPORTING).isPresent();
    }
    snapshot
        .assignments()
        .forEach(pod ->
            pod.assignment().ports().stream()
                .filter(port -> port.state() != AssignmentState.RELEASED)
                .forEach(port -> {
                  Tally tally =
                      tallies.computeIfAbsent(pod.assignment().nodeName(), _ -> new Tally());
                  tally.held++;
                  tally.current += port.state() == AssignmentState.CURRENT ? 1 : 0;
                }));
    TextTable table = new TextTable("NODE", "PORTS", "ACTIVE", "WITH-GID", "HELD", "CURRENT", "");
    tallies.entrySet().stream()
        .sorted(
            Comparator.<Map.Entry<String, Tally>>comparingInt(entry -> -entry.getValue().missing())
                .thenComparing(Map.Entry::getKey))
        .limit(MOST_NODES)
        .forEach(entry -> {
          Tally tally = entry.getValue();
          table.add(
              tally.missing() > 0 ? Tone.BAD : Tone.PLAIN,
              entry.getKey(),
              Integer.toString(tally.ports),
              Integer.toString(tally.active),
              Integer.toString(tally.ready),
              Integer.toString(tally.held),
              Integer.toString(tally.current),
              tally.silent ? "does not report" : "");
        });
    List<String> lines = new ArrayList<>(table.lines(colours));
    if (tallies.size() > MOST_NODES) {
      lines.add("and " + (tallies.size() - MOST_NODES) + " more");
    }
    return lines;
  }

  /** The latest first; by the nodes' clocks. */
  private static TextTable changes(Snapshot snapshot) {
    TextTable table = new TextTable("CHANGED", "PORT", "STATE", "INDEX", TextTable.ADDRESS);
    snapshot.ports().stream()
        .filter(port -> port.status().lastChangeTime() != null)
        .sorted(
            Comparator.comparing(TopPicture::changed).reversed().thenComparing(ClusterPort::ref))
        .limit(MOST_CHANGES)
        .forEach(port ->
            table.add(
                port.isActive() ? Tone.PLAIN : Tone.BAD,
                changed(port),
                port.ref().toString(),
                Objects.requireNonNullElse(port.status().state(), ""),
                port.preferred().map(entry -> Integer.toString(entry.index())).orElse(""),
                port.preferred().map(entry -> entry.gid().address()).orElse("")));
    return table;
  }

  private static String changed(ClusterPort port) {
    return Objects.requireNonNullElse(port.status().lastChangeTime(), "");
  }
}
