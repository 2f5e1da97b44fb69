package io.rdmagid.kubectl.check;

import io.rdmagid.api.condition.Conditions;
import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.assignment.GidChoice;
import io.rdmagid.kubectl.snapshot.ClusterPort;
import io.rdmagid.kubectl.snapshot.PodAssignment;
import io.rdmagid.kubectl.snapshot.PodName;
import io.rdmagid.kubectl.snapshot.Snapshot;
import io.rdmagid.pool.PortRef;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** Pods of one job, named by label {@code rdmagid.io/group}, that do not fit together. */
final class GroupChecks {
  /**
   * What has to be the same at all ports that a job has of a pool: what it is called, and its
   * value.
   */
  private static final List<Map.Entry<String, BiFunction<GidChoice, Optional<ClusterPort>, String>>>
      SAME =
          List.of(
              Map.entry("type", (choice, _) -> choice.type().text()),
              Map.entry("family", (choice, _) -> choice.gid().family().text()),
              Map.entry(
                  "MTU",
                  (_, port) ->
                      port.map(p -> p.status().mtu()).map(mtu -> mtu.toString()).orElse("")),
              Map.entry(
                  "link layer", (_, port) -> port.map(p -> p.status().linkLayer()).orElse("")));

  private record Group(String namespace, String name) implements Comparable<Group> {
    private static final Comparator<Group> ORDER =
        Comparator.comparing(Group::namespace).thenComparing(Group::name);

    @Override
    public int compareTo(Group other) {
      return ORDER.compare(this, other);
    }
  }

  private GroupChecks() {}

  static List<Finding> of(Snapshot snapshot) {
    SortedMap<Group, List<PodAssignment>> groups = new TreeMap<>();
    for (PodAssignment pod : snapshot.assignments()) {
      String name = snapshot.groups().get(pod.name());
      if (name != null) {
        groups
            .computeIfAbsent(new Group(pod.name().namespace(), name), _ -> new ArrayList<>())
            .add(pod);
      }
    }
    List<Finding> findings = new ArrayList<>();
    groups.forEach((group, pods) -> {
      for (String pool : pools(pods)) {
        SAME.forEach(same -> {
          SortedMap<String, SortedSet<PodName>> values =
              values(snapshot, pods, pool, same.getValue());
          if (values.size() > 1) {
            findings.add(finding(group, "pool " + pool + ", " + same.getKey(), values));
          }
        });
      }
    });
    return findings;
  }

  /** Ports of several pools need not fit together: one may be for storage. */
  private static SortedSet<String> pools(List<PodAssignment> pods) {
    SortedSet<String> pools = new TreeSet<>();
    pods.forEach(pod -> pod.assignment().ports().forEach(port -> pools.add(port.pool())));
    return pools;
  }

  private static SortedMap<String, SortedSet<PodName>> values(
      Snapshot snapshot,
      List<PodAssignment> pods,
      String pool,
      BiFunction<GidChoice, Optional<ClusterPort>, String> value) {
    SortedMap<String, SortedSet<PodName>> values = new TreeMap<>();
    for (PodAssignment pod : pods) {
      for (AssignedPort port : pod.assignment().ports()) {
        PortRef ref = new PortRef(pod.assignment().nodeName(), port.device(), port.port());
        port.choice()
            .filter(_ -> port.pool().equals(pool))
            .map(choice -> value.apply(choice, snapshot.port(ref)))
            .filter(text -> !text.isEmpty())
            .ifPresent(text -> values.computeIfAbsent(text, _ -> new TreeSet<>()).add(pod.name()));
      }
    }
    return values;
  }

  /** Named are those that are not with the most; all where no value has most. */
  private static Finding finding(
      Group group, String what, SortedMap<String, SortedSet<PodName>> values) {
    List<Map.Entry<String, SortedSet<PodName>>> mostFirst =
        values.entrySet().stream()
            .sorted(
                Comparator.<Map.Entry<String, SortedSet<PodName>>>comparingInt(
                        entry -> -entry.getValue().size())
                    .thenComparing(Map.Entry::getKey))
            .toList();
    boolean tie = mostFirst.get(0).getValue().size() == mostFirst.get(1).getValue().size();
    SortedSet<PodName> odd = new TreeSet<>();
    mostFirst.stream().skip(tie ? 0 : 1).forEach(entry -> odd.addAll(entry.getValue()));
    return new Finding.OfGroup(
        Kind.GROUP_MISMATCH,
        group.namespace(),
        group.name(),
        List.copyOf(odd),
        what
            + ": "
            + mostFirst.stream()
                .map(entry ->
                    entry.getKey()
                        + " of "
                        + Conditions.list(entry.getValue().stream().map(PodName::name).toList()))
                .collect(Collectors.joining("; ")));
  }
}
