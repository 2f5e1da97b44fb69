package io.rdmagid.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the agent sees of a port. Made by {@link #builder()}; each component's meaning, unit and
 * range is its description in the CRD. Null means absent, lists are never null and cannot be
 * changed.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RdmaGidStatus(
    @JsonPropertyDescription("Link layer of the port: Ethernet (RoCE) or InfiniBand.")
        @Pattern(Bounds.WORD)
        @Size(max = Bounds.WORD_LENGTH)
        @Lenient
        @Nullable String linkLayer,
    @JsonPropertyDescription(
            "Logical state of the port: ACTIVE, DOWN, INIT, ARMED, ACTIVE_DEFER or NOP.")
        @Pattern(Bounds.WORD)
        @Size(max = Bounds.WORD_LENGTH)
        @Lenient
        @Nullable String state,
    @JsonPropertyDescription("Physical state of the port, such as LinkUp, Polling or Disabled.")
        @Pattern(Bounds.WORD)
        @Size(max = Bounds.WORD_LENGTH)
        @Lenient
        @Nullable String physicalState,
    @JsonPropertyDescription("Active RDMA MTU of the port in bytes: 256, 512, 1024, 2048 or 4096.")
        @Min(0)
        @Lenient
        @Nullable Integer mtu,
    @JsonPropertyDescription("Rate of the port in Gbit/s, such as 100 or 2.5.") @Min(0) @Lenient
        @Nullable Double rateGbps,
    @JsonPropertyDescription(
            "Name of the port's network device in the host's network namespace; absent for InfiniBand.")
        @Size(max = Bounds.NAME)
        @Lenient
        @Nullable String netdev,
    @JsonPropertyDescription(
            "NUMA node of the device, from 0; absent where the device belongs to none.")
        @Min(0)
        @Lenient
        @Nullable Integer numaNode,
    @JsonPropertyDescription(
            "PCI address of the device, such as 0000:3b:00.0; absent for a software device.")
        @Size(max = Bounds.NAME)
        @Lenient
        @Nullable String pciAddress,
    @JsonPropertyDescription(
            "Of a virtual function (SR-IOV) the name of its physical function's network device, such as ens1f0np0;"
                + " absent where that is not in the host's network namespace.")
        @Size(max = Bounds.NAME)
        @Lenient
        @Nullable String pfName,
    @JsonPropertyDescription(
            "Of a virtual function (SR-IOV) its index among those of its physical function, from 0.")
        @Min(0)
        @Lenient
        @Nullable Integer vfIndex,
    @JsonPropertyDescription("Kernel driver of the device, such as mlx5_core or rdma_rxe.")
        @Size(max = Bounds.NAME)
        @Lenient
        @Nullable String driver,
    @JsonPropertyDescription(
            "PCI vendor id of the device, four hexadecimal digits, such as 15b3; absent for a software device.")
        @Size(max = Bounds.NAME)
        @Lenient
        @Nullable String vendorID,
    @JsonPropertyDescription(
            "PCI device id of the device, four hexadecimal digits, such as 101d; absent for a software device.")
        @Size(max = Bounds.NAME)
        @Lenient
        @Nullable String deviceID,
    @JsonPropertyDescription("Version of the device's firmware, as the device tells it.")
        @Size(max = Bounds.NAME)
        @Lenient
        @Nullable String firmware,
    @JsonPropertyDescription(
            "Node GUID of the device, 16 hexadecimal digits in groups of four: 506b:4b03:00c1:2a34.")
        @Size(max = Bounds.NAME)
        @Lenient
        @Nullable String nodeGuid,
    @JsonPropertyDescription("Slots that the port's GID table has, filled or not.") @Min(0) @Lenient
        @Nullable Integer gidTableLength,
    @JsonPropertyDescription(
            "RoCE type that the kernel's connection manager (rdma_cm) takes by default: RoCEv1 or RoCEv2.")
        @Pattern(Bounds.WORD)
        @Size(max = Bounds.WORD_LENGTH)
        @Lenient
        @Nullable String defaultRoceMode,
    @JsonPropertyDescription(
            "The filled slots of the port's GID table whose network device is in the host's network namespace, by"
                + " index; the first 256.")
        @Size(max = Bounds.GIDS)
        @Lenient
        List<GidRow> gids,
    @JsonPropertyDescription(
            "Indices of those among gids whose address no program can use now: it is tentative, deprecated or temporary,"
                + " or the far end's of a point-to-point link. They are never chosen.")
        @Size(max = Bounds.GIDS)
        @Lenient
        List<Integer> unusable,
    @JsonPropertyDescription(
            "How many filled slots belong to the host's network namespace, shown in gids or not.")
        @Min(0)
        @Lenient
        @Nullable Integer gidCount,
    @JsonPropertyDescription(
            "How many filled slots belong to network namespaces of pods; they are not shown.")
        @Min(0)
        @Lenient
        @Nullable Integer podGidCount,
    @JsonPropertyDescription("Whether gids leaves out entries, because there are more than 256.")
        @Lenient
        @Nullable Boolean truncated,
    @JsonPropertyDescription(
            "Digest of the host's entries, those left out of gids included: it changes when they do. Compare it, do"
                + " not parse it.")
        @Size(max = Bounds.DIGEST)
        @Lenient
        @Nullable String digest,
    @JsonPropertyDescription(
            "The entry that rdmagid prefers in the host's network namespace: RoCEv2 before RoCEv1, IPv4 before IPv6,"
                + " not link-local, then the lowest index. Absent where no entry will do.")
        @Lenient
        @Nullable PreferredGid preferred,
    @JsonPropertyDescription("What each library would choose by itself, with nothing set.")
        @Size(max = Bounds.LIST)
        @Lenient
        List<LibraryPick> picks,
    @JsonPropertyDescription("Names of the RdmaGidPools that the port belongs to.")
        @Size(max = Bounds.LIST)
        @Lenient
        List<String> pools,
    @JsonPropertyDescription("When anything else in this status last changed, by the node's clock.")
        @Size(max = Bounds.NAME)
        @Lenient
        @Nullable String lastChangeTime,
    @JsonPropertyDescription(
            "Conditions by type. Ready: the port is up and has an entry to prefer. Reporting: the node's agent is"
                + " alive. LibrariesAgree: libraries land on the preferred entry with what rdmagid sets. Offered: pods"
                + " that come can get the port of its pool; absent where no pool has to do with the port.")
        @Size(max = Bounds.LIST)
        @Lenient
        List<Condition> conditions) {

  /** Type of the condition: the node's agent is alive; the operator's. */
  public static final String REPORTING = "Reporting";

  /** Copies the lists, null as empty and nulls in them left out. */
  public RdmaGidStatus {
    gids = Elements.of(gids);
    unusable = Elements.of(unusable);
    picks = Elements.of(picks);
    pools = Elements.of(pools);
    conditions = Elements.of(conditions);
  }

  /** A builder without any value. */
  public static RdmaGidStatusBuilder builder() {
    return new RdmaGidStatusBuilder();
  }

  /** A builder with all values of this status. */
  public RdmaGidStatusBuilder toBuilder() {
    return new RdmaGidStatusBuilder(this);
  }
}
