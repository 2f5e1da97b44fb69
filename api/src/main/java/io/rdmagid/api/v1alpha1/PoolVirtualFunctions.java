package io.rdmagid.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.rdmagid.pool.VirtualFunctions;
import org.jspecify.annotations.Nullable;

/**
 * Virtual functions of a physical function; each component's meaning and range is its description
 * in the CRD. Without a bound it is open on that side.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "!has(self.first) || !has(self.last) || self.first <= self.last",
    message = "last is not to be less than first")
public record PoolVirtualFunctions(
    @JsonPropertyDescription(
            "Name of the physical function's network device on the host, such as ens1f0np0: * for any characters, ?"
                + " for one. No range goes with it: first and last are the range.")
        @Required
        @Pattern(Bounds.NETDEV_GLOB)
        @Size(min = 1, max = Bounds.NAME)
        @Lenient
        @Nullable String name,
    @JsonPropertyDescription("The least index of a virtual function, from 0. By default 0.")
        @Min(0)
        @Max(VirtualFunctions.LAST_INDEX)
        @Lenient
        @Nullable Integer first,
    @JsonPropertyDescription(
            "The greatest index of a virtual function, first or more. By default any.")
        @Min(0)
        @Max(VirtualFunctions.LAST_INDEX)
        @Lenient
        @Nullable Integer last) {}
