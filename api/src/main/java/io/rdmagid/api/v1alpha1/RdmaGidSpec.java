package io.rdmagid.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.SelectableField;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * Which port an {@link RdmaGid} describes. The server admits only complete specs; a component is
 * null where an object came from elsewhere.
 *
 * @param nodeName the Node's name
 * @param device the RDMA device's name, such as mlx5_0
 * @param port the port's number on its device, from 1
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "self == oldSelf",
    message =
        "spec is immutable: delete this object, and the agent of the node makes it again for each port it finds",
    reason = "FieldValueForbidden")
public record RdmaGidSpec(
    @JsonPropertyDescription(
            "Name of the Node that the port is on. Selectable: --field-selector spec.nodeName=NODE.")
        @Required
        @Size(min = 1, max = 253)
        @SelectableField
        @Lenient
        @Nullable String nodeName,
    @JsonPropertyDescription("Name of the RDMA device, as `rdma link` shows it, such as mlx5_0.")
        @Required
        @Size(min = 1, max = 63)
        @Lenient
        @Nullable String device,
    @JsonPropertyDescription("Number of the port on its device, from 1.")
        @Required
        @Min(1)
        @Max(255)
        @Lenient
        @Nullable Integer port) {}
