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
            "Conditions by type. GroupConsistent: type, family, link layer and MTU of the pod's ports are those of the"
                + " other pods of its job, and no address is used twice.")
        @Size(max = Bounds.LIST)
        @Lenient
        List<Condition> conditions) {
  /** Type of the condition: the pod's ports fit those of the other pods of its job. */
  public static final String GROUP_CONSISTENT = "GroupConsistent";

  /** Copies the lists, null as empty and nulls in them left out. */
  public RdmaGidAssignmentStatus {
    ports = Elements.of(ports);
    conditions = Elements.of(conditions);
  }
}
