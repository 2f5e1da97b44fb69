package io.rdmagid.deviceplugin.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.DeviceAttributes;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.inventory.RdmaNamespaceMode;
import io.rdmagid.deviceplugin.inventory.ReadBy;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;
import io.rdmagid.proto.gidtable.Changes;
import io.rdmagid.proto.gidtable.EntryType;
import io.rdmagid.proto.gidtable.NamespaceMode;
import io.rdmagid.proto.gidtable.RdmaDevice;
import io.rdmagid.proto.gidtable.RdmaPort;
import io.rdmagid.proto.gidtable.ReadMethod;
import io.rdmagid.proto.gidtable.Table;
import io.rdmagid.proto.gidtable.TableEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The inventory as messages of {@code gidtable.proto}, and back. What came from an agent that
 * differs from this code may not make sense: reading it throws {@link IllegalArgumentException},
 * with what is wrong.
 */
public final class TableMapping {
  private static final int NO_NUMA_NODE = -1;
  private static final int NO_INDEX = -1;

  private TableMapping() {}

  /** All of an inventory. */
  public static Table table(Inventory inventory, Revision revision) {
    Table.Builder table =
        Table.newBuilder()
            .setRevision(revision.number())
            .setEventTime(timestamp(revision.eventAt()))
            .setReadTime(timestamp(revision.readAt()))
            .setNamespaceMode(mode(inventory.namespaceMode()))
            .addAllUnread(UnreadMapping.messages(inventory));
    inventory.devices().forEach(device -> table.addDevices(device(device)));
    return table.build();
  }

  /**
   * The inventory that a table tells of.
   *
   * @throws IllegalArgumentException if it makes no sense
   */
  public static Inventory inventory(Table table) {
    return new Inventory(
        table.getDevicesList().stream().map(TableMapping::device).toList(),
        UnreadMapping.devices(table.getUnreadList()),
        mode(table.getNamespaceMode()));
  }

  /**
   * What a client that has an inventory needs to know to have the next; what happened is not in it.
   */
  public static Changes.Builder changes(Inventory before, Inventory after, Revision revision) {
    Changes.Builder changes =
        Changes.newBuilder()
            .setRevision(revision.number())
            .setEventTime(timestamp(revision.eventAt()))
            .setReadTime(timestamp(revision.readAt()))
            .setNamespaceMode(mode(after.namespaceMode()))
            .addAllUnread(UnreadMapping.messages(after));
    Map<String, Device> old = byName(before);
    for (Device device : after.devices()) {
      if (!device.equals(old.remove(device.name()))) {
        changes.addDevices(device(device));
      }
    }
    return changes.addAllDropped(old.keySet());
  }

  /**
   * The inventory that follows another by changes.
   *
   * @throws IllegalArgumentException if the changes make no sense
   */
  public static Inventory after(Inventory before, Changes changes) {
    Map<String, Device> devices = byName(before);
    devices.keySet().removeAll(changes.getDroppedList());
    changes.getDevicesList().forEach(device -> devices.put(device.getName(), device(device)));
    return new Inventory(
        List.copyOf(devices.values()),
        UnreadMapping.devices(changes.getUnreadList()),
        mode(changes.getNamespaceMode()));
  }

  /**
   * One entry of a port.
   *
   * @param elsewhere the slots of the port that belong to other network namespaces
   * @param unusable those whose address no program can use now
   */
  public static TableEntry entry(GidEntry entry, Set<Integer> elsewhere, Set<Integer> unusable) {
    return TableEntry.newBuilder()
        .setIndex(entry.index())
        .setGid(gid(entry.gid()))
        .setType(type(entry.type()))
        .setIfindex(entry.ifindex())
        .setNetdev(entry.netdev())
        .setOtherNamespace(elsewhere.contains(entry.index()))
        .setUnusable(unusable.contains(entry.index()))
        .build();
  }

  /** A GID as it stands in messages. */
  static ByteString gid(Gid gid) {
    return ByteString.copyFrom(gid.toBytes());
  }

  /** A type as it stands in messages. */
  public static EntryType type(GidType type) {
    return switch (type) {
      case IB -> EntryType.ENTRY_TYPE_IB;
      case ROCE_V1 -> EntryType.ENTRY_TYPE_ROCE_V1;
      case ROCE_V2 -> EntryType.ENTRY_TYPE_ROCE_V2;
    };
  }

  /** The type that a message means; empty where it names none, or none that is known. */
  public static Optional<GidType> type(EntryType type) {
    return switch (type) {
      case ENTRY_TYPE_IB -> Optional.of(GidType.IB);
      case ENTRY_TYPE_ROCE_V1 -> Optional.of(GidType.ROCE_V1);
      case ENTRY_TYPE_ROCE_V2 -> Optional.of(GidType.ROCE_V2);
      case ENTRY_TYPE_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
    };
  }

  /** The moment that a message tells. */
  public static Instant instant(Timestamp timestamp) {
    return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
  }

  private static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  private static RdmaDevice device(Device device) {
    RdmaDevice.Builder message =
        describe(device.name(), device.attributes())
            .setUverbs(device.uverbs())
            .setReadBy(readBy(device.readBy()));
    device.ports().forEach(port -> message.addPorts(port(port)));
    return message.build();
  }

  private static Device device(RdmaDevice message) {
    return new Device(
        message.getName(),
        message.getUverbs(),
        attributes(message),
        message.getPortsList().stream().map(TableMapping::port).toList(),
        readBy(message.getReadBy()));
  }

  /** What is told of a device apart from its ports. */
  static RdmaDevice.Builder describe(String name, DeviceAttributes attributes) {
    RdmaDevice.Builder message =
        RdmaDevice.newBuilder()
            .setName(name)
            .setDriver(attributes.driver())
            .setVendorId(attributes.vendorId())
            .setDeviceId(attributes.deviceId())
            .setFirmware(attributes.firmware())
            .setNodeGuid(attributes.nodeGuid())
            .setPciAddress(attributes.pciAddress())
            .setPfName(attributes.pfName());
    if (attributes.vfIndex() != NO_INDEX) {
      message.setVfIndex(attributes.vfIndex());
    }
    if (attributes.numaNode() != NO_NUMA_NODE) {
      message.setNumaNode(attributes.numaNode());
    }
    return message;
  }

  /** The same back. */
  static DeviceAttributes attributes(RdmaDevice message) {
    return new DeviceAttributes(
        message.getDriver(),
        message.getVendorId(),
        message.getDeviceId(),
        message.getFirmware(),
        message.getNodeGuid(),
        message.getPciAddress(),
        message.getPfName(),
        message.hasVfIndex() ? message.getVfIndex() : NO_INDEX,
        message.hasNumaNode() ? message.getNumaNode() : NO_NUMA_NODE);
  }

  private static RdmaPort port(Port port) {
    PortAttributes attributes = port.attributes();
    RdmaPort.Builder message =
        RdmaPort.newBuilder()
            .setNumber(port.number())
            .setLinkLayer(attributes.linkLayer())
            .setState(attributes.state())
            .setPhysicalState(attributes.physicalState())
            .setMtu(attributes.mtu())
            .setRateGbps(attributes.rateGbps())
            .setGidTableLength(attributes.gidTableLength())
            .setDefaultRoceMode(attributes.defaultRoceMode())
            .setNetdev(port.netdev());
    Set<Integer> elsewhere = port.elsewhere();
    port.table().forEach(entry -> message.addEntries(entry(entry, elsewhere, port.unusable())));
    return message.build();
  }

  private static Port port(RdmaPort message) {
    List<GidEntry> here = new ArrayList<>();
    List<GidEntry> elsewhere = new ArrayList<>();
    Set<Integer> unusable = new HashSet<>();
    for (TableEntry entry : message.getEntriesList()) {
      (entry.getOtherNamespace() ? elsewhere : here).add(entry(entry));
      if (entry.getUnusable()) {
        unusable.add(entry.getIndex());
      }
    }
    return new Port(
        message.getNumber(),
        new PortAttributes(
            message.getLinkLayer(),
            message.getState(),
            message.getPhysicalState(),
            message.getMtu(),
            message.getRateGbps(),
            message.getGidTableLength(),
            message.getDefaultRoceMode()),
        message.getNetdev(),
        here,
        elsewhere,
        unusable);
  }

  /**
   * The same back.
   *
   * @throws IllegalArgumentException if it makes no sense
   */
  static GidEntry entry(TableEntry message) {
    GidType type =
        type(message.getType())
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "slot " + message.getIndex() + " is of type " + message.getTypeValue()));
    return new GidEntry(
        message.getIndex(),
        Gid.of(message.getGid().toByteArray()),
        type,
        message.getIfindex(),
        message.getNetdev());
  }

  private static ReadMethod readBy(ReadBy readBy) {
    return switch (readBy) {
      case IOCTL -> ReadMethod.READ_METHOD_IOCTL;
      case ENTRIES -> ReadMethod.READ_METHOD_ENTRIES;
      case SYSFS -> ReadMethod.READ_METHOD_SYSFS;
      case RECORDING -> ReadMethod.READ_METHOD_RECORDING;
    };
  }

  private static ReadBy readBy(ReadMethod method) {
    return switch (method) {
      case READ_METHOD_IOCTL -> ReadBy.IOCTL;
      case READ_METHOD_ENTRIES -> ReadBy.ENTRIES;
      case READ_METHOD_SYSFS -> ReadBy.SYSFS;
      case READ_METHOD_RECORDING -> ReadBy.RECORDING;
      case READ_METHOD_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("a device was read in an unknown way");
    };
  }

  private static NamespaceMode mode(RdmaNamespaceMode mode) {
    return switch (mode) {
      case SHARED -> NamespaceMode.NAMESPACE_MODE_SHARED;
      case EXCLUSIVE -> NamespaceMode.NAMESPACE_MODE_EXCLUSIVE;
      case UNKNOWN -> NamespaceMode.NAMESPACE_MODE_UNSPECIFIED;
    };
  }

  private static RdmaNamespaceMode mode(NamespaceMode mode) {
    return switch (mode) {
      case NAMESPACE_MODE_SHARED -> RdmaNamespaceMode.SHARED;
      case NAMESPACE_MODE_EXCLUSIVE -> RdmaNamespaceMode.EXCLUSIVE;
      case NAMESPACE_MODE_UNSPECIFIED, UNRECOGNIZED -> RdmaNamespaceMode.UNKNOWN;
    };
  }

  private static Map<String, Device> byName(Inventory inventory) {
    Map<String, Device> devices = new TreeMap<>();
    inventory.devices().forEach(device -> devices.put(device.name(), device));
    return devices;
  }
}
