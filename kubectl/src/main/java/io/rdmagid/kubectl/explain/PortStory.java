package io.rdmagid.kubectl.explain;

import io.rdmagid.assignment.AssignedPort;
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

/**
 * Why a container has its index at a port.
 *
 * @param shown the port as its RdmaGid shows it
 * @param rule of the pool now; the container may have been made under an older one
 * @param judgedBy what entries and libraries are judged by: with scope Pod the host's table says
 *     nothing
 * @param entries those that are known of the table, by index
 * @param libraries what each makes of it
 */
public record PortStory(
    AssignedPort port,
    Optional<ClusterPort> shown,
    Optional<EffectiveRule> rule,
    JudgedBy judgedBy,
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
    Optional<ClusterPort> table = shown.filter(_ -> port.scope() == GidScope.HOST);
    EntryRemarks remarks = new EntryRemarks(port, rule.map(EffectiveRule::rule));
    return new PortStory(
        port,
        shown,
        rule,
        table.isPresent() ? JudgedBy.HOST_TABLE : JudgedBy.RECORD,
        table.map(remarks::ofTable).orElseGet(remarks::ofRecord),
        LibraryFates.of(snapshot, pod, port, table));
  }

  /** By what rule the choice was made, and what it is judged by here, in sentences. */
  public List<String> why() {
    List<String> why = new ArrayList<>();
    why.add(chosenBy());
    why.add(
        switch (judgedBy) {
          case HOST_TABLE ->
              "scope Host: judged by the host's table, as the port's RdmaGid shows it";
          case RECORD ->
              switch (port.scope()) {
                case HOST -> "scope Host: judged by the pod's record; no RdmaGid shows the port";
                case POD ->
                    "scope Pod: judged by the pod's record; its own table only the agent can see";
              };
        });
    if (shown.flatMap(table -> table.failed(ClusterPort.REPORTING)).isPresent()) {
      why.add("all this can be old: the node's agent does not report");
    }
    if (judgedBy == JudgedBy.HOST_TABLE) {
      shown.ifPresent(table -> why.addAll(notShown(table)));
    }
    return why;
  }

  private String chosenBy() {
    if (port.ruleRevision() == 0) {
      return "no rule was applied yet";
    }
    String chosen = "chosen by rule " + port.ruleRevision() + " of pool " + port.pool();
    if (rule.isEmpty()) {
      return chosen + ", which has none now, or is gone";
    }
    EffectiveRule now = rule.get();
    return now.revision() == port.ruleRevision()
        ? chosen + ": " + now.rule().text()
        : chosen + "; new containers get rule " + now.revision() + ": " + now.rule().text();
  }

  /** Entries of the table that the RdmaGid only counts. */
  private static List<String> notShown(ClusterPort table) {
    List<String> notShown = new ArrayList<>();
    if (table.isTruncated()) {
      notShown.add("not shown: entries of higher indices than these");
    }
    Integer ofPods = table.status().podGidCount();
    if (ofPods != null && ofPods > 0) {
      notShown.add("not shown: entries of pods, which libraries see, too: " + ofPods);
    }
    return notShown;
  }
}
