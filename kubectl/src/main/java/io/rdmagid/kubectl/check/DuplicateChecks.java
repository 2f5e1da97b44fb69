package io.rdmagid.kubectl.check;

import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.assignment.GidChoice;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidScope;
import io.rdmagid.gid.GidSelector;
import io.rdmagid.kubectl.snapshot.ClusterPort;
import io.rdmagid.kubectl.snapshot.PodAssignment;
import io.rdmagid.kubectl.snapshot.PodName;
import io.rdmagid.kubectl.snapshot.Snapshot;
import io.rdmagid.pool.PortRef;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Addresses that stand where there can be one only. */
final class DuplicateChecks {
  private DuplicateChecks() {}

  static List<Finding> of(Snapshot snapshot) {
    List<Finding> findings = new ArrayList<>();
    ports(snapshot)
        .forEach((pool, byGid) ->
            byGid.forEach((gid, ports) -> {
              // Of one node: the ports of a bond show its address, each.
              if (ports.stream().map(PortRef::node).distinct().count() > 1) {
                findings.add(new Finding.DuplicateOfPorts(pool, gid, List.copyOf(ports)));
              }
            }));
    pods(snapshot)
        .forEach((pool, byGid) ->
            byGid.forEach((gid, pods) -> {
              if (pods.size() > 1) {
                findings.add(new Finding.DuplicateOfPods(pool, gid, List.copyOf(pods)));
              }
            }));
    return findings;
  }

  /** Of addresses that programs can use: that of the far end is the far end's. */
  private static SortedMap<String, SortedMap<Gid, SortedSet<PortRef>>> ports(Snapshot snapshot) {
    SortedMap<String, SortedMap<Gid, SortedSet<PortRef>>> ports = new TreeMap<>();
    for (ClusterPort port : snapshot.ports()) {
      for (String pool : port.status().pools()) {
        for (GidEntry entry : port.usable()) {
          if (!GidSelector.isLinkLocal(entry)) {
            ports
                .computeIfAbsent(pool, _ -> new TreeMap<>())
                .computeIfAbsent(entry.gid(), _ -> new TreeSet<>())
                .add(port.ref());
          }
        }
      }
    }
    return ports;
  }

  /** Of scope Pod only: pods in the host's network namespace share the host's addresses. */
  private static SortedMap<String, SortedMap<Gid, SortedSet<PodName>>> pods(Snapshot snapshot) {
    SortedMap<String, SortedMap<Gid, SortedSet<PodName>>> pods = new TreeMap<>();
    for (PodAssignment pod : snapshot.assignments()) {
      for (AssignedPort port : pod.assignment().ports()) {
        if (port.scope() == GidScope.POD && port.choice().isPresent()) {
          GidChoice choice = port.choice().get();
          if (!choice.gid().isLinkLocal()) {
            pods.computeIfAbsent(port.pool(), _ -> new TreeMap<>())
                .computeIfAbsent(choice.gid(), _ -> new TreeSet<>())
                .add(pod.name());
          }
        }
      }
    }
    return pods;
  }
}
