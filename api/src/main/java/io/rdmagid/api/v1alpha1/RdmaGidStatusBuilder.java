package io.rdmagid.api.v1alpha1;

import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Names each value of an {@link RdmaGidStatus}; what is not set stays absent. Not thread-safe. */
public final class RdmaGidStatusBuilder {
  private @Nullable String linkLayer;
  private @Nullable String state;
  private @Nullable String physicalState;
  private @Nullable Integer mtu;
  private @Nullable Double rateGbps;
  private @Nullable String netdev;
  private @Nullable Integer numaNode;
  private @Nullable String pciAddress;
  private @Nullable String pfName;
  private @Nullable Integer vfIndex;
  private @Nullable String driver;
  private @Nullable String vendorID;
  private @Nullable String deviceID;
  private @Nullable String firmware;
  private @Nullable String nodeGuid;
  private @Nullable Integer gidTableLength;
  private @Nullable String defaultRoceMode;
  private List<GidRow> gids = List.of();
  private List<Integer> unusable = List.of();
  private @Nullable Integer gidCount;
  private @Nullable Integer podGidCount;
  private @Nullable Boolean truncated;
  private @Nullable String digest;
  private @Nullable PreferredGid preferred;
  private List<LibraryPick> picks = List.of();
  private List<String> pools = List.of();
  private @Nullable String lastChangeTime;
  private List<Condition> conditions = List.of();

  RdmaGidStatusBuilder() {}

  RdmaGidStatusBuilder(RdmaGidStatus status) {
    linkLayer = status.linkLayer();
    state = status.state();
    physicalState = status.physicalState();
    mtu = status.mtu();
    rateGbps = status.rateGbps();
    netdev = status.netdev();
    numaNode = status.numaNode();
    pciAddress = status.pciAddress();
    pfName = status.pfName();
    vfIndex = status.vfIndex();
    driver = status.driver();
    vendorID = status.vendorID();
    deviceID = status.deviceID();
    firmware = status.firmware();
    nodeGuid = status.nodeGuid();
    gidTableLength = status.gidTableLength();
    defaultRoceMode = status.defaultRoceMode();
    gids = status.gids();
    unusable = status.unusable();
    gidCount = status.gidCount();
    podGidCount = status.podGidCount();
    truncated = status.truncated();
    digest = status.digest();
    preferred = status.preferred();
    picks = status.picks();
    pools = status.pools();
    lastChangeTime = status.lastChangeTime();
    conditions = status.conditions();
  }

  /** Ethernet or InfiniBand. */
  public RdmaGidStatusBuilder linkLayer(@Nullable String value) {
    linkLayer = value;
    return this;
  }

  /** The logical state, such as ACTIVE. */
  public RdmaGidStatusBuilder state(@Nullable String value) {
    state = value;
    return this;
  }

  /** The physical state, such as LinkUp. */
  public RdmaGidStatusBuilder physicalState(@Nullable String value) {
    physicalState = value;
    return this;
  }

  /** The active RDMA MTU in bytes. */
  public RdmaGidStatusBuilder mtu(@Nullable Integer value) {
    mtu = value;
    return this;
  }

  /** The rate in Gbit/s. */
  public RdmaGidStatusBuilder rateGbps(@Nullable Double value) {
    rateGbps = value;
    return this;
  }

  /** The port's netdev in the host's network namespace. */
  public RdmaGidStatusBuilder netdev(@Nullable String value) {
    netdev = value;
    return this;
  }

  /** The device's NUMA node, from 0; null where it belongs to none. */
  public RdmaGidStatusBuilder numaNode(@Nullable Integer value) {
    numaNode = value;
    return this;
  }

  /** The device's PCI address, such as 0000:3b:00.0. */
  public RdmaGidStatusBuilder pciAddress(@Nullable String value) {
    pciAddress = value;
    return this;
  }

  /** The netdev of a virtual function's physical function; null for any other function. */
  public RdmaGidStatusBuilder pfName(@Nullable String value) {
    pfName = value;
    return this;
  }

  /** A virtual function's index, from 0; null for any other function. */
  public RdmaGidStatusBuilder vfIndex(@Nullable Integer value) {
    vfIndex = value;
    return this;
  }

  /** The device's kernel driver. */
  public RdmaGidStatusBuilder driver(@Nullable String value) {
    driver = value;
    return this;
  }

  /** The device's PCI vendor id, four hexadecimal digits. */
  public RdmaGidStatusBuilder vendorID(@Nullable String value) {
    vendorID = value;
    return this;
  }

  /** The device's PCI device id, four hexadecimal digits. */
  public RdmaGidStatusBuilder deviceID(@Nullable String value) {
    deviceID = value;
    return this;
  }

  /** The version of the device's firmware. */
  public RdmaGidStatusBuilder firmware(@Nullable String value) {
    firmware = value;
    return this;
  }

  /** The device's node GUID, hexadecimal in groups of four digits. */
  public RdmaGidStatusBuilder nodeGuid(@Nullable String value) {
    nodeGuid = value;
    return this;
  }

  /** The slots of the table, filled or not. */
  public RdmaGidStatusBuilder gidTableLength(@Nullable Integer value) {
    gidTableLength = value;
    return this;
  }

  /** What rdma_cm takes by default: RoCEv1 or RoCEv2. */
  public RdmaGidStatusBuilder defaultRoceMode(@Nullable String value) {
    defaultRoceMode = value;
    return this;
  }

  /** The host's entries that are shown; the server admits at most 256. */
  public RdmaGidStatusBuilder gids(List<GidRow> value) {
    gids = value;
    return this;
  }

  /** The slots among {@code gids} whose address no program can use now. */
  public RdmaGidStatusBuilder unusable(List<Integer> value) {
    unusable = value;
    return this;
  }

  /** How many entries the host has, shown or not. */
  public RdmaGidStatusBuilder gidCount(@Nullable Integer value) {
    gidCount = value;
    return this;
  }

  /** How many entries belong to pods. */
  public RdmaGidStatusBuilder podGidCount(@Nullable Integer value) {
    podGidCount = value;
    return this;
  }

  /** Whether {@code gids} leaves out entries. */
  public RdmaGidStatusBuilder truncated(@Nullable Boolean value) {
    truncated = value;
    return this;
  }

  /** The digest of the host's entries. */
  public RdmaGidStatusBuilder digest(@Nullable String value) {
    digest = value;
    return this;
  }

  /** The entry that rdmagid prefers; null where none will do. */
  public RdmaGidStatusBuilder preferred(@Nullable PreferredGid value) {
    preferred = value;
    return this;
  }

  /** What libraries would choose by themselves. */
  public RdmaGidStatusBuilder picks(List<LibraryPick> value) {
    picks = value;
    return this;
  }

  /** The pools that the port belongs to. */
  public RdmaGidStatusBuilder pools(List<String> value) {
    pools = value;
    return this;
  }

  /** When anything else last changed, RFC 3339. */
  public RdmaGidStatusBuilder lastChangeTime(@Nullable String value) {
    lastChangeTime = value;
    return this;
  }

  /** The conditions, at most one a type. */
  public RdmaGidStatusBuilder conditions(List<Condition> value) {
    conditions = value;
    return this;
  }

  /** The status. The builder can be used on. */
  public RdmaGidStatus build() {
    return new RdmaGidStatus(
        linkLayer,
        state,
        physicalState,
        mtu,
        rateGbps,
        netdev,
        numaNode,
        pciAddress,
        pfName,
        vfIndex,
        driver,
        vendorID,
        deviceID,
        firmware,
        nodeGuid,
        gidTableLength,
        defaultRoceMode,
        gids,
        unusable,
        gidCount,
        podGidCount,
        truncated,
        digest,
        preferred,
        picks,
        pools,
        lastChangeTime,
        conditions);
  }
}
