package io.rdmagid.kubectl.check;

import io.fabric8.kubernetes.api.model.Condition;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidRule;
import io.rdmagid.gid.GidSelection;
import io.rdmagid.gid.GidSelector;
import io.rdmagid.kubectl.snapshot.ClusterPort;
import io.rdmagid.kubectl.snapshot.KnownPool;
import io.rdmagid.kubectl.snapshot.PodAssignment;
import io.rdmagid.kubectl.snapshot.Snapshot;
import io.rdmagid.pool.EffectiveRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Ports that cannot be used, and nodes whose agent is silent. */
final class PortChecks {
  private PortChecks() {}

  static List<Finding> of(Snapshot snapshot) {
    List<Finding> findings = new ArrayList<>();
    for (ClusterPort port : snapshot.ports()) {
      findings.addAll(usable(snapshot, port));
      port.failed(ClusterPort.LIBRARIES_AGREE)
          .ifPresent(condition ->
              findings.add(
                  new Finding.OfPort(Kind.LIBRARY_ELSEWHERE, port.ref(), Checks.text(condition))));
    }
    silent(snapshot)
        .forEach((node, why) -> findings.add(new Finding.OfNode(Kind.NOT_REPORTING, node, why)));
    return findings;
  }

  private static List<Finding> usable(Snapshot snapshot, ClusterPort port) {
    List<String> pools = port.status().pools();
    if (!port.isActive()) {
      // A port that nobody offers may be without a cable.
      return pools.isEmpty()
          ? List.of()
          : List.of(
              new Finding.OfPort(
                  Kind.PORT_DOWN,
                  port.ref(),
                  "the port is "
                      + port.status().state()
                      + ", of pool "
                      + String.join(", ", pools)));
    }
    if (pools.isEmpty()) {
      return port.failed(ClusterPort.READY).stream()
          .map(condition -> unusable(port, Checks.text(condition)))
          .toList();
    }
    List<Finding> findings = new ArrayList<>();
    for (String name : pools) {
      // Of scope Pod the addresses come with the pod: the host's table says nothing.
      Optional<EffectiveRule> rule =
          snapshot.pool(name).filter(KnownPool::isOfHost).flatMap(KnownPool::effective);
      if (rule.isPresent() && !port.isTruncated()) {
        GidRule wanted = rule.get().rule();
        switch (GidSelector.select(port.usable(), wanted)) {
          case GidSelection.Selected _ -> {}
          case GidSelection.NoMatch none ->
              findings.add(unusable(port, "pool " + name + ": " + text(port, wanted, none)));
          case GidSelection.Ambiguous ambiguous ->
              findings.add(unusable(port, "pool " + name + ": " + ambiguous.text()));
        }
      }
    }
    return findings;
  }

  /** The closest will do on a line; explain of a pod shows all. */
  private static String text(ClusterPort port, GidRule wanted, GidSelection.NoMatch none) {
    Optional<GidEntry> closest =
        port.gids().stream()
            .filter(entry -> !port.isUsable(entry) && wanted.lacks(entry).isEmpty())
            .findFirst();
    return closest
        .map(entry ->
            "no "
                + wanted.text()
                + "; closest: index "
                + entry.index()
                + " "
                + entry.gid().address()
                + " "
                + entry.type().text()
                + " ("
                + ClusterPort.UNUSABLE
                + ")")
        .orElseGet(() ->
            new GidSelection.NoMatch(none.reason(), none.closest().stream().limit(1).toList())
                .text(wanted));
  }

  private static Finding unusable(ClusterPort port, String why) {
    return new Finding.OfPort(Kind.NO_USABLE_GID, port.ref(), why);
  }

  private static SortedMap<String, String> silent(Snapshot snapshot) {
    SortedMap<String, String> silent = new TreeMap<>();
    for (ClusterPort port : snapshot.ports()) {
      Optional<Condition> condition = port.failed(ClusterPort.REPORTING);
      condition.ifPresent(said -> silent.put(port.ref().node(), Checks.text(said)));
    }
    for (PodAssignment pod : snapshot.assignments()) {
      String node = pod.assignment().nodeName();
      if (!snapshot.nodes().contains(node) && !pod.assignment().isReleased()) {
        silent.putIfAbsent(node, "no RdmaGid is of this node, and " + pod.name() + " is on it");
      }
    }
    return silent;
  }
}
