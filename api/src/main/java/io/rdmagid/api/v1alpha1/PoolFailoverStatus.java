package io.rdmagid.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far the evictions of a pool are; each component's meaning is its description in the CRD. An
 * operator that starts anew goes on from here.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PoolFailoverStatus(
    @JsonPropertyDescription(
            "When the window began in which evictions are counted, RFC 3339; absent before the first.")
        @Size(max = Bounds.NAME)
        @Lenient
        @Nullable String window,
    @JsonPropertyDescription(
            "How many evictions were started in the window; that of a whole group is one.")
        @Min(0)
        @Lenient
        @Nullable Integer evictions,
    @JsonPropertyDescription("Pods that are, or are about to be, evicted, by group.")
        @Size(max = Bounds.EVICTED_GROUPS)
        @Lenient
        List<PoolFailoverGroup> groups) {

  /** Copies the list, null as empty and nulls in it left out. */
  public PoolFailoverStatus {
    groups = Elements.of(groups);
  }
}
