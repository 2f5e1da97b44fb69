package io.rdmagid.operator.pool;

import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.api.v1alpha1.RdmaGidAssignmentSpec;
import io.rdmagid.api.v1alpha1.RdmaGidAssignmentStatus;
import io.rdmagid.assignment.AssignmentState;
import io.rdmagid.pool.PortRef;
import java.util.List;
import java.util.Objects;

/**
 * A port that a container holds.
 *
 * @param pool the name of the pool that the port was asked of
 * @param podUid the pod's uid
 * @param container the container's name
 */
record Holding(String pool, String podUid, String container, PortRef port) {
  /**
   * What an assignment says that its pod holds. Rows that do not name pool, container and port
   * count for nothing, as those of a sandbox that ended; never throws.
   */
  static List<Holding> of(RdmaGidAssignment assignment) {
    RdmaGidAssignmentSpec spec = assignment.getSpec();
    RdmaGidAssignmentStatus status = assignment.getStatus();
    if (spec == null || status == null || spec.nodeName() == null || spec.podUID() == null) {
      return List.of();
    }
    return status.ports().stream()
        .filter(row ->
            row.pool() != null
                && row.container() != null
                && !AssignmentState.RELEASED.text().equals(row.state())
                && row.device() != null
                && row.port() != null)
        .map(row ->
            new Holding(
                Objects.requireNonNull(row.pool()),
                spec.podUID(),
                Objects.requireNonNull(row.container()),
                new PortRef(
                    spec.nodeName(),
                    Objects.requireNonNull(row.device()),
                    Objects.requireNonNull(row.port()))))
        .toList();
  }
}
