package io.rdmagid.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pool is meant to be; each component's meaning and range is its description in the CRD. The
 * server fills in the schema's defaults; {@link PoolParser} takes null for the same.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value =
        "has(self.resourceName) == has(oldSelf.resourceName)"
            + " && (!has(self.resourceName) || self.resourceName == oldSelf.resourceName)",
    message = "resourceName is immutable: make another pool and delete this one",
    reason = "FieldValueForbidden")
public record RdmaGidPoolSpec(
    @JsonPropertyDescription(
            "Resource name that a pod's limits ask for. By default rdmagid.io/ and the pool's name. Immutable.")
        @Pattern("^rdmagid\\.io/[a-z0-9]([-a-z0-9_.]{0,61}[a-z0-9])?$")
        @Size(max = 74)
        @Lenient
        @Nullable String resourceName,
    @JsonPropertyDescription("Nodes that the pool takes ports of. By default every node.") @Lenient
        @Nullable PoolNodeSelector nodeSelector,
    @JsonPropertyDescription(
            "Ports that the pool takes: those that one of these selectors means. {} means every port. A port that"
                + " several pools want goes to the oldest.")
        @Required
        @Size(min = 1, max = Bounds.SELECTORS)
        @Lenient
        List<PoolPortSelector> ports,
    @JsonPropertyDescription("Which entry of a port's GID table a pod is to use.") @Lenient
        @Nullable PoolGid gid,
    @JsonPropertyDescription(
            "How many pods share a port, 1 to 256. Cannot change between 1 and more while pods hold devices of the"
                + " pool.")
        @Default("1")
        @Min(1)
        @Max(256)
        @Lenient
        @Nullable Integer podsPerPort,
    @JsonPropertyDescription(
            "Libraries that rdmagid sets up in the pods: nccl (also rccl), ucx, nvshmem, mooncake, libfabric, mscclpp,"
                + " uccl. By default all.")
        @Size(max = Bounds.LIST)
        @Lenient
        List<String> libraries,
    @JsonPropertyDescription(
            "Whether containers of the pool may lock memory without limit (RLIMIT_MEMLOCK), which registering memory"
                + " for RDMA needs. By default the runtime's limit stands.")
        @Lenient
        @Nullable Boolean memlock,
    @JsonPropertyDescription(
            "How packets are marked, for libraries that can be told. By default each marks them as it does.")
        @Lenient
        @Nullable PoolTraffic traffic,
    @JsonPropertyDescription(
            "What becomes of pods whose GID is not what they were started with any more. By default their files are"
                + " brought up to date, and nothing else.")
        @Lenient
        @Nullable PoolFailover failover) {

  /** Copies the lists, null as empty and nulls in them left out. */
  public RdmaGidPoolSpec {
    ports = Elements.of(ports);
    libraries = Elements.of(libraries);
  }
}
