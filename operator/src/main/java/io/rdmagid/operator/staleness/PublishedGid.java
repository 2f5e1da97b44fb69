package io.rdmagid.operator.staleness;

import io.fabric8.kubernetes.api.model.Condition;
import io.rdmagid.api.condition.Conditions;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidStatus;
import java.util.Optional;

/**
 * What matters of an RdmaGid.
 *
 * @param name of the object
 * @param node the name of the Node
 * @param reporting the condition as it stands
 */
record PublishedGid(String name, String node, Optional<Condition> reporting) {
  /** Empty for an object that names no node. Never throws. */
  static Optional<PublishedGid> of(RdmaGid object) {
    if (object.getSpec() == null || object.getSpec().nodeName() == null) {
      return Optional.empty();
    }
    RdmaGidStatus status = object.getStatus();
    return Optional.of(
        new PublishedGid(
            object.getMetadata().getName(),
            object.getSpec().nodeName(),
            status == null
                ? Optional.empty()
                : Conditions.find(status.conditions(), RdmaGidStatus.REPORTING)));
  }
}
