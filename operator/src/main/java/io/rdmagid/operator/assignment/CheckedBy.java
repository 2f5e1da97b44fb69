package io.rdmagid.operator.assignment;

import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.gid.GidScope;
import io.rdmagid.operator.assignment.PodApi.PodRef;
import io.rdmagid.operator.fact.FactStore;
import io.rdmagid.pool.PortRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;

/**
 * Which reports are checked by a port or a pool. By node, since a port is asked for with each of
 * its changes, and a node has few pods; an entry a port would take more than the reports. Safe for
 * use by any thread.
 */
final class CheckedBy {
  private final FactStore<?, Optional<Report>> reports;
  private final ConcurrentMap<String, List<PodRef>> byNode = new ConcurrentHashMap<>();

  /** Follows a store from now on: an empty one. */
  CheckedBy(FactStore<?, Optional<Report>> reports) {
    this.reports = reports;
    reports.onChange((was, is) -> {
      was.flatMap(report -> report).ifPresent(this::leave);
      is.flatMap(report -> report).ifPresent(this::join);
    });
  }

  private void join(Report report) {
    if (report instanceof Report.Understood understood) {
      byNode.compute(
          understood.node(),
          (_, pods) -> {
            List<PodRef> more = new ArrayList<>(pods == null ? List.of() : pods);
            more.add(understood.pod());
            return List.copyOf(more);
          });
    }
  }

  private void leave(Report report) {
    if (report instanceof Report.Understood understood) {
      byNode.computeIfPresent(
          understood.node(),
          (_, pods) -> {
            List<PodRef> rest = pods.stream().filter(pod -> !pod.equals(understood.pod())).toList();
            return rest.isEmpty() ? null : rest;
          });
    }
  }

  /** The pods that hold the port with the host's entries. */
  List<PodRef> port(PortRef port) {
    return byNode.getOrDefault(port.node(), List.of()).stream()
        .filter(pod ->
            reports
                .fact(pod.namespace() + "/" + pod.name())
                .flatMap(report -> report)
                .filter(report ->
                    isChecked(
                        report,
                        held -> held.device().equals(port.device()) && held.port() == port.port()))
                .isPresent())
        .toList();
  }

  /** The pods with a port of the pool and the host's entries. */
  List<PodRef> pool(String pool) {
    return reports.facts().stream()
        .flatMap(Optional::stream)
        .filter(report -> isChecked(report, held -> held.pool().equals(pool)))
        .map(Report::pod)
        .toList();
  }

  private static boolean isChecked(Report report, Predicate<AssignedPort> which) {
    return report instanceof Report.Understood understood
        && understood.ports().stream()
            .anyMatch(port -> port.scope() == GidScope.HOST && which.test(port));
  }
}
