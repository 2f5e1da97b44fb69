package io.rdmagid.kubectl.snapshot;

import io.fabric8.kubernetes.api.model.Condition;
import io.rdmagid.api.condition.Conditions;
import io.rdmagid.assignment.Assignment;
import java.util.List;
import java.util.Optional;

/**
 * What a pod holds.
 *
 * @param conditions those of the RdmaGidAssignment
 */
public record PodAssignment(Assignment assignment, List<Condition> conditions) {
  public PodAssignment {
    conditions = List.copyOf(conditions);
  }

  /** The condition of that type where it says that something does not hold. */
  public Optional<Condition> failed(String type) {
    return Conditions.find(conditions, type)
        .filter(condition -> "False".equals(condition.getStatus()));
  }

  /** The name of the pod. */
  public PodName name() {
    return new PodName(assignment.namespace(), assignment.podName());
  }
}
