package io.rdmagid.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** A pod of a {@link PoolFailoverGroup}; each component's meaning is its description in the CRD. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PoolFailoverPod(
    @JsonPropertyDescription("The pod's namespace.") @Size(max = Bounds.NAME) @Lenient
        @Nullable String namespace,
    @JsonPropertyDescription("The pod's name.") @Size(max = 253) @Lenient @Nullable String name,
    @JsonPropertyDescription("metadata.uid of the pod: another of the same name is another pod.")
        @Size(max = Bounds.NAME)
        @Lenient
        @Nullable String uid,
    @JsonPropertyDescription("Whether it was evicted, or is gone.") @Lenient
        @Nullable Boolean evicted) {}
