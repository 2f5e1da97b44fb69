package io.rdmagid.kubectl.explain;

import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.assignment.GidChoice;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidRule;
import io.rdmagid.gid.GidScope;
import io.rdmagid.kubectl.snapshot.ClusterPort;
import io.rdmagid.kubectl.snapshot.KnownPool;
import io.rdmagid.kubectl.snapshot.PodAssignment;
import io.rdmagid.kubectl.snapshot.Snapshot;
import io.rdmagid.pool.EffectiveRule;
import io.rdmagid.pool.PortRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Why a container has its index at a port.
 *
 * @param shown the port as its RdmaGid shows it
 * @param rule of the pool now; the container may have been made under an older one
 * @param entries of scope Host the entries of the port's table, by index
 * @param libraries what each makes of it
 */
public record PortStory(
    AssignedPort port,
    Optional<ClusterPort> shown,
    Optional<EffectiveRule> rule,
    List<EntryRemark> entries,
    List<LibraryFate> libraries) {
  public PortStory {
    entries = List.copyOf(entries);
    libraries = List.copyOf(libraries);
  }

  /**
   * The story of one port of a pod.
   *
   * @param snapshot with the ports of the pod's node, and the pools
   */
  public static PortStory of(Snapshot snapshot, PodAssignment pod, AssignedPort port) {
    Optional<ClusterPort> shown =
        snapshot.port(new PortRef(pod.assignment().nodeName(), port.device(), port.port()));
    Optional<EffectiveRule> rule = snapshot.pool(port.pool()).flatMap(KnownPool::effective);
    return new PortStory(
        port,
        shown,
        rule,
        port.scope() == GidScope.HOST
            ? shown.map(table -> remarks(table, port, rule)).orElse(List.of())
            : List.of(),
        LibraryFates.of(snapshot, pod, port, shown));
  }

  /** By what rule the choice was made, in sentences. */
  public List<String> why() {
    List<String> why = new ArrayList<>();
    if (port.ruleRevision() == 0) {
      why.add("no rule was applied yet");
    } else if (rule.isEmpty()) {
      why.add(
          "chosen by rule "
              + port.ruleRevision()
              + " of pool "
              + port.pool()
              + ", which has none now, or is gone");
    } else if (rule.get().revision() != port.ruleRevision()) {
      why.add(
          "chosen by rule "
              + port.ruleRevision()
              + " of pool "
              + port.pool()
              + "; new containers get rule "
              + rule.get().revision()
              + ": "
              + rule.get().rule().text());
    } else {
      why.add(
          "chosen by rule "
              + port.ruleRevision()
              + " of pool "
              + port.pool()
              + ": "
              + rule.get().rule().text());
    }
    why.add(
        switch (port.scope()) {
          case HOST ->
              shown.isPresent()
                  ? "scope Host: of the entries of the host's network namespace, below"
                  : "scope Host: of the entries of the host's, but no RdmaGid shows the port";
          case POD ->
              "scope Pod: of the entries of the pod's own network namespace, which only the"
                  + " agent can see";
        });
    return why;
  }

  private static List<EntryRemark> remarks(
      ClusterPort table, AssignedPort port, Optional<EffectiveRule> rule) {
    return table.gids().stream()
        .map(entry -> new EntryRemark(entry, isGiven(entry, port), remark(entry, port, rule)))
        .toList();
  }

  private static boolean isGiven(GidEntry entry, AssignedPort port) {
    return port.choice()
        .filter(choice -> choice.index() == entry.index() && choice.gid().equals(entry.gid()))
        .isPresent();
  }

  private static String remark(
      GidEntry entry, AssignedPort port, Optional<EffectiveRule> effective) {
    if (effective.isEmpty()) {
      return isGiven(entry, port) ? "given" : "";
    }
    String lacks =
        effective.get().rule().lacks(entry).stream()
            .sorted()
            .map(GidRule.Lack::text)
            .collect(Collectors.joining(", "));
    if (isGiven(entry, port)) {
      return lacks.isEmpty() ? "given: the rule's first choice" : "given, but now " + lacks;
    }
    if (!lacks.isEmpty()) {
      return lacks;
    }
    int given = port.choice().map(GidChoice::index).orElse(-1);
    return given >= 0 && given < entry.index() ? "would do; a higher index" : "would do";
  }
}
