package io.rdmagid.deviceplugin.verbs;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.posix.Errno;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A device that libibverbs has opened. */
final class NativeDevice implements OpenDevice {
  private static final Logger LOG = LoggerFactory.getLogger(NativeDevice.class);

  /**
   * struct ib_uverbs_async_event_desc: u64 element, u32 event_type, u32 reserved (ib_user_verbs.h).
   */
  private static final int EVENT_SIZE = 16;

  private static final int EVENT_TYPE = 8;
  private static final int IBV_EVENT_DEVICE_FATAL = 8;
  private static final int EVENTS_A_READ = 64;
  private static final int IBV_LINK_LAYER_INFINIBAND = 1;

  private final Verbs.DeviceNode node;
  private final MemorySegment context;
  private final int asyncFd;
  private final LibIbverbs library;
  private final FileDescriptors descriptors;
  private final SysfsDevices sysfs;
  private final DefaultRoceModes roceModes;
  private final GidTables tables;

  NativeDevice(
      Verbs.DeviceNode node,
      MemorySegment context,
      int asyncFd,
      LibIbverbs library,
      FileDescriptors descriptors,
      SysfsDevices sysfs,
      DefaultRoceModes roceModes,
      GidTables tables) {
    this.node = node;
    this.context = context;
    this.asyncFd = asyncFd;
    this.library = library;
    this.descriptors = descriptors;
    this.sysfs = sysfs;
    this.roceModes = roceModes;
    this.tables = tables;
  }

  @Override
  public Verbs.DeviceNode node() {
    return node;
  }

  @Override
  public OptionalInt eventDescriptor() {
    return OptionalInt.of(asyncFd);
  }

  @Override
  public Reply<Description> describe() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = arena.allocate(LibIbverbs.DEVICE_ATTR_SIZE, 8);
      int error = library.queryDevice(context, attributes);
      if (error != 0) {
        return refused("ibv_query_device", error);
      }
      String firmware = attributes.getString(LibIbverbs.DEVICE_ATTR_FIRMWARE);
      int ports = Byte.toUnsignedInt(attributes.get(JAVA_BYTE, LibIbverbs.DEVICE_ATTR_PORTS));
      return new Reply.Ok<>(new Description(sysfs.device(node.name(), firmware), ports));
    }
  }

  @Override
  public Reply<PortAttributes> port(int port) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = arena.allocate(LibIbverbs.PORT_ATTR_SIZE, 8);
      int error = library.queryPort(context, port, attributes);
      if (error != 0) {
        return refused("ibv_query_port", error);
      }
      boolean isInfiniband =
          attributes.get(JAVA_BYTE, LibIbverbs.PORT_ATTR_LINK_LAYER) == IBV_LINK_LAYER_INFINIBAND;
      return new Reply.Ok<>(
          new PortAttributes(
              isInfiniband ? PortAttributes.INFINIBAND : PortAttributes.ETHERNET,
              PortStates.state(attributes.get(JAVA_INT, LibIbverbs.PORT_ATTR_STATE)),
              PortStates.physicalState(
                  attributes.get(JAVA_BYTE, LibIbverbs.PORT_ATTR_PHYSICAL_STATE)),
              mtu(attributes.get(JAVA_INT, LibIbverbs.PORT_ATTR_ACTIVE_MTU)),
              sysfs.rateGbps(node.name(), port),
              attributes.get(JAVA_INT, LibIbverbs.PORT_ATTR_TABLE_LENGTH),
              isInfiniband ? "" : roceModes.of(node.name(), port)));
    }
  }

  @Override
  public Reply<Tables> tables(Map<Integer, PortAttributes> ports) {
    return tables.read(ports);
  }

  @Override
  public Events drainEvents() {
    Events events = Events.NONE;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate((long) EVENT_SIZE * EVENTS_A_READ, 8);
      while (true) {
        long length = descriptors.read(asyncFd, buffer);
        if (length == -Errno.EAGAIN.code()) {
          return events;
        }
        if (length <= 0) {
          LOG.atWarn()
              .addKeyValue("device", node.name())
              .addKeyValue("reason", length == 0 ? "end of file" : Errno.describe((int) -length))
              .log("device events ended");
          return Events.REMOVED;
        }
        if (events == Events.NONE) {
          events = Events.CHANGED;
        }
        for (long at = 0; at + EVENT_SIZE <= length; at += EVENT_SIZE) {
          if (buffer.get(JAVA_INT, at + EVENT_TYPE) == IBV_EVENT_DEVICE_FATAL) {
            events = Events.REMOVED;
          }
        }
      }
    }
  }

  @Override
  public void close() {
    int error = library.closeDevice(context);
    if (error != 0) {
      LOG.atWarn()
          .addKeyValue("device", node.name())
          .addKeyValue("errno", error)
          .log("device did not close");
    }
  }

  private <T> Reply<T> refused(String operation, int errno) {
    return new Reply.Refused<>(operation, node.name(), errno);
  }

  /** enum ibv_mtu: 1 is 256 bytes, each step doubles it. */
  private static int mtu(int code) {
    return code >= 1 && code <= 5 ? 128 << code : 0;
  }
}
