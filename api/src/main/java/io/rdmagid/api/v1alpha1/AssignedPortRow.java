package io.rdmagid.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A port that a container holds, as {@code status.ports} of an {@link RdmaGidAssignment} shows it;
 * each component's meaning is its description in the CRD. {@link AssignmentMapping} makes and reads
 * it.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record AssignedPortRow(
    @JsonPropertyDescription("Name of the container.") @Required @Size(max = Bounds.NAME) @Lenient
        @Nullable String container,
    @JsonPropertyDescription("Name of the RdmaGidPool that the port was asked of.")
        @Size(max = Bounds.NAME)
        @Lenient
        @Nullable String pool,
    @JsonPropertyDescription("Name of the RDMA device, such as mlx5_0.")
        @Size(max = Bounds.NAME)
        @Lenient
        @Nullable String device,
    @JsonPropertyDescription("Number of the port on its device, from 1.") @Min(1) @Max(255) @Lenient
        @Nullable Integer port,
    @JsonPropertyDescription(
            "Index to use in the port's GID table, from 0; absent unless the state is current or stale.")
        @Min(0)
        @Max(65535)
        @Lenient
        @Nullable Integer gidIndex,
    @JsonPropertyDescription(
            "The GID as IPv6 text; an IPv4 address stands in it as ::ffff:a.b.c.d.")
        @Size(max = Bounds.ADDRESS)
        @Lenient
        @Nullable String gid,
    @JsonPropertyDescription("Type of the entry: IB, RoCEv1 or RoCEv2.")
        @Pattern(Bounds.WORD)
        @Size(max = Bounds.WORD_LENGTH)
        @Lenient
        @Nullable String type,
    @JsonPropertyDescription(
            "Name of the entry's network device in the pod's network namespace; absent for InfiniBand.")
        @Size(max = Bounds.NAME)
        @Lenient
        @Nullable String netdev,
    @JsonPropertyDescription(
            "The IP address that the GID carries: 10.0.0.5 for ::ffff:10.0.0.5, else the GID's text.")
        @Size(max = Bounds.ADDRESS)
        @Lenient
        @Nullable String address,
    @JsonPropertyDescription("Whose entries counted: Pod or Host.")
        @Pattern(Bounds.WORD)
        @Size(max = Bounds.WORD_LENGTH)
        @Lenient
        @Nullable String scope,
    @JsonPropertyDescription(
            "pending: nobody chose yet. current: the index is right now. stale: it was right, and nobody can tell"
                + " whether it is. none: no entry will do. released: the pod's sandbox ended, the port is free.")
        @Pattern(Bounds.WORD)
        @Size(max = Bounds.WORD_LENGTH)
        @Lenient
        @Nullable String state,
    @JsonPropertyDescription("How often the container's set of files was swapped.") @Min(0) @Lenient
        @Nullable Long generation,
    @JsonPropertyDescription(
            "Revision of the pool's effective rule that was applied; 0 where none was.")
        @Min(0)
        @Lenient
        @Nullable Long ruleRevision,
    @JsonPropertyDescription(
            "Version of the selection that chose; 0 where none did. Choices of different versions do not compare.")
        @Min(0)
        @Lenient
        @Nullable Integer selectorVersion,
    @JsonPropertyDescription(
            "Names of the environment variables that were set when the container was created, and cannot change.")
        @Size(max = Bounds.VARIABLES)
        @Lenient
        List<@Size(max = Bounds.VARIABLE) String> injected,
    @JsonPropertyDescription(
            "Names of those among injected that hold something else than the container's files say now: a program that"
                + " reads them needs a new container.")
        @Size(max = Bounds.VARIABLES)
        @Lenient
        List<@Size(max = Bounds.VARIABLE) String> outdated,
    @JsonPropertyDescription(
            "Names of the environment variables that the pod or its image sets, and that decide what its libraries take"
                + " or how its ports are named: they win, and rdmagid tells those libraries nothing.")
        @Size(max = Bounds.VARIABLES)
        @Lenient
        List<@Size(max = Bounds.VARIABLE) String> kept,
    @JsonPropertyDescription(
            "Names of the libraries that take another entry of the port, with all that the container's files tell them.")
        @Size(max = Bounds.LIST)
        @Lenient
        List<@Size(max = Bounds.WORD_LENGTH) String> elsewhere) {

  /** Copies the lists, null as empty and nulls in them left out. */
  public AssignedPortRow {
    injected = Elements.of(injected);
    outdated = Elements.of(outdated);
    kept = Elements.of(kept);
    elsewhere = Elements.of(elsewhere);
  }
}
