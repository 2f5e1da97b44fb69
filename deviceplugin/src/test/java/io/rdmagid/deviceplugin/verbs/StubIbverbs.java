package io.rdmagid.deviceplugin.verbs;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.rdmagid.deviceplugin.inventory.PortEntry;
import io.rdmagid.deviceplugin.posix.Errno;
import io.rdmagid.gid.GidType;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * libibverbs in Java, with one device or more: its symbols are upcalls into here, which refuse what
 * a test wants, and count. What libibverbs does that the agent relies on it does as well: no more
 * than 2,047 entries a call, EINVAL where there are more than asked for, ENODATA for an empty slot,
 * EINVAL for a flag where the kernel has the call, else EOPNOTSUPP. An exception here would end the
 * JVM.
 */
final class StubIbverbs implements SymbolLookup, AutoCloseable {
  private static final int MOST_ENTRIES = 2047;
  private static final byte INFINIBAND = 1;
  private static final byte ETHERNET = 2;

  /** How many slots each port of the first device says that it has, from port 1. */
  final List<Integer> lengths;

  /** The filled slots of the first device, by port and index. */
  final List<PortEntry> filled;

  /** The functions that the library lacks. */
  final Set<String> missing = new HashSet<>();

  /** What {@code _ibv_query_gid_table} refuses with, or 0. */
  int tableErrno;

  /** What {@code _ibv_query_gid_ex} refuses with, or 0. */
  int entryErrno;

  /** Whether {@code ibv_open_device} gives a context; an upcall cannot say why not by errno. */
  boolean opens = true;

  /** What {@code ibv_query_device} refuses with, or 0. */
  int deviceErrno;

  /** What {@code ibv_query_port} refuses with, or 0. */
  int portErrno;

  /** Whether a provider knows the devices. */
  boolean listed = true;

  /**
   * Whether the kernel has neither call for GIDs, so that libibverbs walks sysfs in their place.
   */
  boolean walksSysfs;

  int openCalls;
  int flagCalls;
  int tableCalls;
  int entryCalls;

  private final Arena arena = Arena.ofConfined();
  private final List<Device> devices = new ArrayList<>();

  /** A device that a test gives ports and entries. */
  final class Device {
    /** How many slots each port says that it has, from port 1. */
    final List<Integer> lengths = new ArrayList<>();

    /** The filled slots, by port and index. */
    final List<PortEntry> filled = new ArrayList<>();

    /** The ports whose link layer is InfiniBand; all others are Ethernet. */
    final Set<Integer> infiniband = new HashSet<>();

    private final MemorySegment device = arena.allocate(LibIbverbs.DEVICE_SIZE, 8);
    private final MemorySegment context = arena.allocate(LibIbverbs.CONTEXT_SIZE, 8);

    private Device(String uverbs, int asyncFd) {
      device.setString(LibIbverbs.DEVICE_UVERBS_NAME, uverbs);
      context.set(JAVA_INT, LibIbverbs.CONTEXT_ASYNC_FD, asyncFd);
    }
  }

  /**
   * Makes a device without ports.
   *
   * @param asyncFd its event descriptor, which stays the caller's
   */
  StubIbverbs(String uverbs, int asyncFd) {
    Device first = add(uverbs, asyncFd);
    lengths = first.lengths;
    filled = first.filled;
  }

  /** Makes another one. */
  Device add(String uverbs, int asyncFd) {
    Device device = new Device(uverbs, asyncFd);
    devices.add(device);
    return device;
  }

  /** The first of the devices. */
  Device first() {
    return devices.getFirst();
  }

  /** The device of a context; empty if there is none such. */
  private Optional<Device> of(MemorySegment context) {
    return devices.stream()
        .filter(device -> device.context.address() == context.address())
        .findFirst();
  }

  @Override
  public Optional<MemorySegment> find(String name) {
    if (missing.contains(name)) {
      return Optional.empty();
    }
    Class<?> pointer = MemorySegment.class;
    return switch (name) {
      case "ibv_get_device_list" -> stub("getDeviceList", pointer, pointer);
      case "ibv_free_device_list" -> stub("freeDeviceList", void.class, pointer);
      case "ibv_open_device" -> stub("openDevice", pointer, pointer);
      case "ibv_close_device" -> stub("closeDevice", int.class, pointer);
      case "ibv_query_device" -> stub("queryDevice", int.class, pointer, pointer);
      case "ibv_query_port" -> stub("queryPort", int.class, pointer, byte.class, pointer);
      case "_ibv_query_gid_table" ->
          stub("queryGidTable", long.class, pointer, pointer, long.class, int.class, long.class);
      case "_ibv_query_gid_ex" ->
          stub(
              "queryGidEx",
              int.class,
              pointer,
              int.class,
              int.class,
              pointer,
              int.class,
              long.class);
      default -> Optional.empty();
    };
  }

  MemorySegment getDeviceList(MemorySegment count) {
    MemorySegment list = arena.allocate((devices.size() + 1) * ADDRESS.byteSize(), 8);
    for (int i = 0; i < devices.size(); i++) {
      list.setAtIndex(ADDRESS, i, devices.get(i).device);
    }
    count.reinterpret(JAVA_INT.byteSize()).set(JAVA_INT, 0, listed ? devices.size() : 0);
    return list;
  }

  void freeDeviceList(MemorySegment freed) {
    // it lives as long as the stub
  }

  MemorySegment openDevice(MemorySegment opened) {
    openCalls++;
    return devices.stream()
        .filter(device -> opens && device.device.address() == opened.address())
        .map(device -> device.context)
        .findFirst()
        .orElse(MemorySegment.NULL);
  }

  int closeDevice(MemorySegment closed) {
    return of(closed).isPresent() ? 0 : Errno.EINVAL.code();
  }

  int queryDevice(MemorySegment asked, MemorySegment attributes) {
    if (deviceErrno != 0 || of(asked).isEmpty()) {
      return deviceErrno == 0 ? Errno.EINVAL.code() : deviceErrno;
    }
    attributes
        .reinterpret(LibIbverbs.DEVICE_ATTR_SIZE)
        .set(
            JAVA_BYTE, LibIbverbs.DEVICE_ATTR_PORTS, (byte) of(asked).orElseThrow().lengths.size());
    return 0;
  }

  int queryPort(MemorySegment asked, byte port, MemorySegment attributes) {
    Device device = of(asked).orElse(null);
    if (portErrno != 0 || device == null || port < 1 || port > device.lengths.size()) {
      return portErrno == 0 ? Errno.EINVAL.code() : portErrno;
    }
    MemorySegment target = attributes.reinterpret(LibIbverbs.PORT_ATTR_SIZE);
    target.set(JAVA_INT, LibIbverbs.PORT_ATTR_TABLE_LENGTH, device.lengths.get(port - 1));
    target.set(
        JAVA_BYTE,
        LibIbverbs.PORT_ATTR_LINK_LAYER,
        device.infiniband.contains((int) port) ? INFINIBAND : ETHERNET);
    return 0;
  }

  long queryGidTable(
      MemorySegment asked, MemorySegment entries, long capacity, int flags, long entrySize) {
    if (flags != 0) {
      flagCalls++;
      return walksSysfs ? -Errno.EOPNOTSUPP.code() : -Errno.EINVAL.code();
    }
    tableCalls++;
    if (tableErrno != 0) {
      return -tableErrno;
    }
    Device device = of(asked).orElse(null);
    if (device == null
        || entrySize != LibIbverbs.ENTRY_SIZE
        || capacity > MOST_ENTRIES
        || device.filled.size() > capacity) {
      return -Errno.EINVAL.code();
    }
    MemorySegment target = entries.reinterpret(capacity * entrySize);
    for (int i = 0; i < device.filled.size(); i++) {
      write(device.filled.get(i), target.asSlice(i * entrySize, entrySize));
    }
    return device.filled.size();
  }

  int queryGidEx(
      MemorySegment asked, int port, int index, MemorySegment entry, int flags, long entrySize) {
    entryCalls++;
    if (entryErrno != 0) {
      return entryErrno;
    }
    Device device = of(asked).orElse(null);
    if (device == null
        || flags != 0
        || entrySize != LibIbverbs.ENTRY_SIZE
        || index >= device.lengths.get(port - 1)) {
      return Errno.EINVAL.code();
    }
    for (PortEntry candidate : device.filled) {
      if (candidate.port() == port && candidate.index() == index) {
        write(candidate, entry.reinterpret(entrySize));
        return 0;
      }
    }
    return Errno.ENODATA.code();
  }

  @Override
  public void close() {
    arena.close();
  }

  private static void write(PortEntry entry, MemorySegment target) {
    MemorySegment.copy(entry.gid().toBytes(), 0, target, JAVA_BYTE, 0, 16);
    target.set(JAVA_INT, LibIbverbs.ENTRY_INDEX, entry.index());
    target.set(JAVA_INT, LibIbverbs.ENTRY_PORT, entry.port());
    target.set(JAVA_INT, LibIbverbs.ENTRY_TYPE, code(entry.type()));
    target.set(JAVA_INT, LibIbverbs.ENTRY_IFINDEX, entry.ifindex());
  }

  private static int code(GidType type) {
    return switch (type) {
      case IB -> 0;
      case ROCE_V1 -> 1;
      case ROCE_V2 -> 2;
    };
  }

  private Optional<MemorySegment> stub(String method, Class<?> result, Class<?>... parameters) {
    MethodType type = MethodType.methodType(result, parameters);
    MemoryLayout[] arguments =
        type.parameterList().stream().map(StubIbverbs::layout).toArray(MemoryLayout[]::new);
    FunctionDescriptor descriptor =
        result == void.class
            ? FunctionDescriptor.ofVoid(arguments)
            : FunctionDescriptor.of(layout(result), arguments);
    try {
      return Optional.of(
          Linker.nativeLinker()
              .upcallStub(MethodHandles.lookup().bind(this, method, type), descriptor, arena));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(method, e);
    }
  }

  private static ValueLayout layout(Class<?> type) {
    if (type == MemorySegment.class) {
      return ADDRESS;
    }
    if (type == long.class) {
      return ValueLayout.JAVA_LONG;
    }
    return type == byte.class ? JAVA_BYTE : JAVA_INT;
  }
}
