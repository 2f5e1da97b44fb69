package io.rdmagid.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.Map;

/**
 * Which nodes a pool takes ports of.
 *
 * @param matchLabels labels that a node must have with these values; empty for every node
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PoolNodeSelector(
    @JsonPropertyDescription("Labels that the node must have with these values.") @Lenient
        Map<String, String> matchLabels) {

  /** Copies the map, null as empty. */
  public PoolNodeSelector {
    matchLabels = Elements.of(matchLabels);
  }
}
