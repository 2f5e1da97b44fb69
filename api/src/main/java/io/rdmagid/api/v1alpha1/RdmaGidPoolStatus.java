package io.rdmagid.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the operator makes of a pool; each component's meaning is its description in the CRD. Null
 * means absent.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RdmaGidPoolStatus(
    @JsonPropertyDescription(
            "The rule that new containers of the pool choose by. Absent until the operator has decided; the pool is"
                + " not offered before.")
        @Lenient
        @Nullable EffectiveGidRule effective,
    @JsonPropertyDescription("How many nodes have a port in the pool.") @Min(0) @Lenient
        @Nullable Integer nodes,
    @JsonPropertyDescription("How many ports the pool has.") @Min(0) @Lenient
        @Nullable Integer ports,
    @JsonPropertyDescription("How many of its ports are usable now.") @Min(0) @Lenient
        @Nullable Integer healthy,
    @JsonPropertyDescription("How many devices of the pool pods hold.") @Min(0) @Lenient
        @Nullable Integer allocated,
    @JsonPropertyDescription(
            "Evictions for failover that are under way, and how many were started lately. Absent where there are none.")
        @Lenient
        @Nullable PoolFailoverStatus failover,
    @JsonPropertyDescription(
            "Conditions by type. Accepted: the spec is understood and its resource name free. Conflict: an older pool"
                + " has a port that this one wants. Degraded: a port cannot serve the effective rule, or devices are"
                + " left out. BreakerOpen: so much of the cluster broke at once that nothing is evicted.")
        @Size(max = Bounds.LIST)
        @Lenient
        List<Condition> conditions) {
  /** Type of the condition: the spec is understood and its resource name free. */
  public static final String ACCEPTED = "Accepted";

  /** Type of the condition: an older pool has a port that this one wants. */
  public static final String CONFLICT = "Conflict";

  /** Type of the condition: a port cannot serve the effective rule, or devices are left out. */
  public static final String DEGRADED = "Degraded";

  /** Type of the condition: so much of the cluster broke at once that nothing is evicted. */
  public static final String BREAKER_OPEN = "BreakerOpen";

  /** Copies the list, null as empty and nulls in it left out. */
  public RdmaGidPoolStatus {
    conditions = Elements.of(conditions);
  }

  /** The same without what failover writes, which has a field manager of its own. */
  public RdmaGidPoolStatus withoutFailover() {
    return new RdmaGidPoolStatus(
        effective,
        nodes,
        ports,
        healthy,
        allocated,
        null,
        conditions.stream()
            .filter(condition -> !BREAKER_OPEN.equals(condition.getType()))
            .toList());
  }
}
