package io.rdmagid.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Pods that are evicted together, as {@code status.failover.groups} of an {@link RdmaGidPool} shows
 * them; each component's meaning is its description in the CRD.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PoolFailoverGroup(
    @JsonPropertyDescription(
            "What the pods are a group by: namespace and label or maker of the job; of a pod alone its uid.")
        @Size(max = Bounds.GROUP_UID)
        @Lenient
        @Nullable String uid,
    @JsonPropertyDescription(
            "Waiting: may recover yet. WouldEvict: is not, as the pool says dryRun. Evicting: was started, and is"
                + " finished.")
        @Pattern(Bounds.WORD)
        @Size(max = Bounds.WORD_LENGTH)
        @Lenient
        @Nullable String phase,
    @JsonPropertyDescription("When the pod that it began with was seen to be broken, RFC 3339.")
        @Size(max = Bounds.NAME)
        @Lenient
        @Nullable String since,
    @JsonPropertyDescription(
            "What holds it up: PoolBudget, ClusterBudget, DisruptionBudget, Refused, GroupTooLarge or GroupBusy; or why"
                + " it is given up, in the moment before it is not there: Recovered, AgentNotReady, BreakerOpen or"
                + " PoolDoesNotEvict. Absent where nothing is.")
        @Pattern(Bounds.WORD)
        @Size(max = Bounds.WORD_LENGTH)
        @Lenient
        @Nullable String reason,
    @JsonPropertyDescription("The pods.") @Size(max = Bounds.EVICTED_PODS) @Lenient
        List<PoolFailoverPod> pods) {
  /** A reason: the pod that it began with is as it was started. */
  public static final String RECOVERED = "Recovered";

  /** A reason: nobody can tell how the pod is. */
  public static final String AGENT_NOT_READY = "AgentNotReady";

  /** A reason: too much is broken at once. */
  public static final String BREAKER_OPEN = RdmaGidPoolStatus.BREAKER_OPEN;

  /** A reason: the pool does not evict, or no longer. */
  public static final String POOL_DOES_NOT_EVICT = "PoolDoesNotEvict";

  /** The reasons why a group is given up; any other holds it up. */
  public static final Set<String> GIVEN_UP =
      Set.of(RECOVERED, AGENT_NOT_READY, BREAKER_OPEN, POOL_DOES_NOT_EVICT);

  /** Copies the list, null as empty and nulls in it left out. */
  public PoolFailoverGroup {
    pods = Elements.of(pods);
  }
}
