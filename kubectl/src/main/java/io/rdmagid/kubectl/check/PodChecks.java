package io.rdmagid.kubectl.check;

import io.rdmagid.api.table.ShownTable;
import io.rdmagid.api.v1alpha1.RdmaGidAssignmentStatus;
import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.assignment.AssignmentState;
import io.rdmagid.kubectl.snapshot.ClusterPort;
import io.rdmagid.kubectl.snapshot.KnownPool;
import io.rdmagid.kubectl.snapshot.PodAssignment;
import io.rdmagid.kubectl.snapshot.PodName;
import io.rdmagid.kubectl.snapshot.Snapshot;
import io.rdmagid.pool.PortRef;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is wrong with what pods hold. */
public final class PodChecks {
  private PodChecks() {}

  /** The findings about single pods. */
  public static List<Finding> of(Snapshot snapshot) {
    List<Finding> findings = new ArrayList<>();
    snapshot.assignments().forEach(pod -> findings.addAll(of(snapshot, pod)));
    return findings;
  }

  /** The findings about this pod. */
  public static List<Finding> of(Snapshot snapshot, PodAssignment pod) {
    List<Finding> findings = new ArrayList<>();
    Set<String> containers = new HashSet<>();
    for (AssignedPort port : pod.assignment().ports()) {
      PortRef ref = new PortRef(pod.assignment().nodeName(), port.device(), port.port());
      At at = new At(findings, pod.name(), port.container(), ref);
      state(port.state()).ifPresent(message -> at.addOfPort(Kind.NOT_CURRENT, message));
      List<String> outdated = port.variables().outdated();
      if (!outdated.isEmpty() && containers.add(port.container())) {
        at.add(
            Kind.VARIABLES_OUTDATED,
            String.join(", ", outdated)
                + (outdated.size() == 1 ? " says" : " say")
                + " what was right before: a program that reads it needs a new container");
      }
      if (!port.elsewhere().isEmpty()) {
        at.addOfPort(
            Kind.LIBRARY_ELSEWHERE,
            "another entry is taken by " + String.join(", ", port.elsewhere()));
      }
      disagreement(snapshot, ref, port).ifPresent(message -> at.addOfPort(Kind.DISAGREES, message));
    }
    pod.failed(RdmaGidAssignmentStatus.GROUP_CONSISTENT)
        .ifPresent(condition ->
            findings.add(
                new Finding.OfPod(Kind.GROUP_MISMATCH, pod.name(), Checks.text(condition))));
    return findings;
  }

  /** Where findings are about. */
  private record At(List<Finding> findings, PodName pod, String container, PortRef port) {
    void add(Kind kind, String message) {
      findings.add(new Finding.OfContainer(kind, pod, container, port, message));
    }

    /** Of the port, where a container may hold several. */
    void addOfPort(Kind kind, String message) {
      add(kind, port.device() + "/" + port.port() + ": " + message);
    }
  }

  private static Optional<String> state(AssignmentState state) {
    return switch (state) {
      case CURRENT, RELEASED -> Optional.empty();
      case PENDING -> Optional.of("no index was chosen yet");
      case STALE -> Optional.of("nobody can tell whether the index is still right");
      case NONE -> Optional.of("no GID will do");
    };
  }

  /** The port's own table, which the cluster has, does not lead to what was reported. */
  private static Optional<String> disagreement(Snapshot snapshot, PortRef ref, AssignedPort port) {
    return snapshot
        .port(ref)
        .filter(_ -> ShownTable.concerns(port))
        .flatMap(shown ->
            unusable(shown, port)
                .or(() ->
                    shown
                        .table()
                        .difference(
                            port, snapshot.pool(port.pool()).flatMap(KnownPool::effective))));
  }

  /** Whatever rule it was chosen by: no rule leads to it now. */
  private static Optional<String> unusable(ClusterPort shown, AssignedPort port) {
    return port.choice()
        .filter(choice ->
            shown.gids().stream()
                .anyMatch(entry ->
                    entry.index() == choice.index()
                        && entry.gid().equals(choice.gid())
                        && entry.type() == choice.type()
                        && !shown.isUsable(entry)))
        .map(choice ->
            "index "
                + choice.index()
                + " was given for "
                + choice.address()
                + ", and by the RdmaGid "
                + ClusterPort.UNUSABLE);
  }
}
