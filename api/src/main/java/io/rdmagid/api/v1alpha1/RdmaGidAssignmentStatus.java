package io.rdmagid.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;

/**
 * What a pod holds.
 *
 * @param ports one row for each port of each container; the agent's
 * @param conditions the operator's
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RdmaGidAssignmentStatus(
    @JsonPropertyDescription("The ports that the pod's containers hold.")
        @Size(max = Bounds.ASSIGNED_PORTS)
        @Lenient
        List<AssignedPortRow> ports,
    @JsonPropertyDescription(
            "Conditions by type. GidAssigned: every container has its GID, and the operator agrees.")
        @Size(max = Bounds.LIST)
        @Lenient
        List<Condition> conditions) {
  /** Type of the condition: every container has its GID, and the operator agrees. */
  public static final String GID_ASSIGNED = "GidAssigned";

  /** Copies the lists, null as empty and nulls in them left out. */
  public RdmaGidAssignmentStatus {
    ports = Elements.of(ports);
    conditions = Elements.of(conditions);
  }
}
