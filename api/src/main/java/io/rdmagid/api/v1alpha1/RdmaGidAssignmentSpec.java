package io.rdmagid.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.SelectableField;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * Whose assignment an {@link RdmaGidAssignment} is.
 *
 * @param nodeName the name of the Node that the pod runs on
 * @param podUID the pod's uid
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RdmaGidAssignmentSpec(
    @JsonPropertyDescription(
            "Name of the Node that the pod runs on. Selectable: --field-selector spec.nodeName=NODE.")
        @Required
        @Size(min = 1, max = 253)
        @SelectableField
        @Lenient
        @Nullable String nodeName,
    @JsonPropertyDescription(
            "metadata.uid of the pod: another pod of the same name has another assignment.")
        @Required
        @Size(min = 1, max = Bounds.NAME)
        @Lenient
        @Nullable String podUID) {}
