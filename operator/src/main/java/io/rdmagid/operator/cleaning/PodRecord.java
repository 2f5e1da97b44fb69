package io.rdmagid.operator.cleaning;

import io.rdmagid.api.v1alpha1.AssignedPortRow;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.api.v1alpha1.RdmaGidAssignmentSpec;
import io.rdmagid.assignment.AssignmentState;
import java.util.Optional;

/**
 * Whose an RdmaGidAssignment is.
 *
 * @param namespace the object's, and the pod's
 * @param name the object's, and the pod's
 * @param podUid the uid of the pod
 * @param node the name of the Node that it runs on
 * @param holds whether the pod holds a port, by what this version understands
 */
record PodRecord(String namespace, String name, String podUid, String node, boolean holds) {
  /** Empty for an object that does not say whose it is. Never throws. */
  static Optional<PodRecord> of(RdmaGidAssignment object) {
    RdmaGidAssignmentSpec spec = object.getSpec();
    if (spec == null || spec.podUID() == null || spec.nodeName() == null) {
      return Optional.empty();
    }
    return Optional.of(
        new PodRecord(
            object.getMetadata().getNamespace(),
            object.getMetadata().getName(),
            spec.podUID(),
            spec.nodeName(),
            object.getStatus() != null
                && object.getStatus().ports().stream().anyMatch(PodRecord::isHeld)));
  }

  private static boolean isHeld(AssignedPortRow row) {
    return row.state() != null
        && AssignmentState.fromText(row.state())
            .filter(state -> state != AssignmentState.RELEASED)
            .isPresent();
  }

  /** The object's key. */
  String key() {
    return namespace + "/" + name;
  }
}
