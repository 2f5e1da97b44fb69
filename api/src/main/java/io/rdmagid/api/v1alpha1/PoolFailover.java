package io.rdmagid.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a pool's pods whose GID changed; each component's meaning and range is its
 * description in the CRD.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PoolFailover(
    @JsonPropertyDescription(
            "Refresh: the files of the pod follow, nothing is evicted. Evict: a pod that a GID is lost to, or that has a"
                + " variable that is not right any more, is evicted by the eviction API, disruption budgets"
                + " respected. EvictGroup: with all pods of its group (label rdmagid.io/group, else its controller),"
                + " of whatever pools, and none where one of them may not be.")
        @Default("Refresh")
        @Lenient
        @Nullable String onGidChange,
    @JsonPropertyDescription(
            "How long a pod has to be so before it is evicted, in seconds, 0 to 86400: one that recovers meanwhile is left"
                + " alone.")
        @Default("60")
        @Min(0)
        @Max(Bounds.GRACE_SECONDS)
        @Lenient
        @Nullable Integer gracePeriodSeconds,
    @JsonPropertyDescription(
            "Only tells, by Events, what would be evicted; what the API server would refuse, too.")
        @Default("false")
        @Lenient
        @Nullable Boolean dryRun) {}
