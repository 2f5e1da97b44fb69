package io.rdmagid.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * How the packets of a pool's pods are marked; each component's meaning and range is its
 * description in the CRD. Only one of the two is there.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "has(self.class) != has(self.dscp)",
    message = "exactly one of class and dscp is to be set: class is dscp times 4")
public record PoolTraffic(
    @JsonPropertyDescription(
            "Traffic class that libraries are told, 0 to 255: the byte of the IP header whose upper six bits are the"
                + " DSCP.")
        @Min(0)
        @Max(255)
        @JsonProperty("class")
        @Lenient
        @Nullable Integer trafficClass,
    @JsonPropertyDescription("DSCP that libraries are told as the traffic class, 0 to 63.")
        @Min(0)
        @Max(63)
        @Lenient
        @Nullable Integer dscp) {}
