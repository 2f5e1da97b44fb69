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
 * libibverbs with one device, in Java: its symbols are upcalls into here, which refuse what a test
 * wants, and count. What libibverbs does that the agent relies on it does as well: no more than
 * 2,047 entries a call, EINVAL where there are more than asked for, ENODATA for an empty slot. An
 * exception here would end the JVM.
 */
final class StubIbverbs implements SymbolLookup, AutoCloseable {
  private static final int MOST_ENTRIES = 2047;
  private static final byte ETHERNET = 2;

  /** How many slots each port says that it has, from port 1. */
  final List<Integer> lengths = new ArrayList<>();

  /** The filled slots, by port and index. */
  final List<PortEntry> filled = new ArrayList<>();

  /** The functions that the library lacks. */
  final Set<String> missing = new HashSet<>();

  /** What {@code _ibv_query_gid_table} refuses with, or 0. */
  int tableErrno;

  /** What {@code _ibv_query_gid_ex} refuses with, or 0. */
  int entryErrno;

  /** Whether a provider knows the device. */
  boolean listed = true;

  int tableCalls;
  int entryCalls;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment device = arena.allocate(LibIbverbs.DEVICE_SIZE, 8);
  private final MemorySegment context = arena.allocate(LibIbverbs.CONTEXT_SIZE, 8);
  private final MemorySegment list = arena.allocate(2 * ADDRESS.byteSize(), 8);

  /**
   * Makes a device without ports.
   *
   * @param asyncFd its event descriptor, which stays the caller's
   */
  StubIbverbs(String uverbs, int asyncFd) {
    device.setString(LibIbverbs.DEVICE_UVERBS_NAME, uverbs);
    context.set(JAVA_INT, LibIbverbs.CONTEXT_ASYNC_FD, asyncFd);
    list.set(ADDRESS, 0, device);
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
    count.reinterpret(JAVA_INT.byteSize()).set(JAVA_INT, 0, listed ? 1 : 0);
    return list;
  }

  void freeDeviceList(MemorySegment freed) {
    // it lives as long as the stub
  }

  MemorySegment openDevice(MemorySegment opened) {
    return opened.address() == device.address() ? context : MemorySegment.NULL;
  }

  int closeDevice(MemorySegment closed) {
    return closed.address() == context.address() ? 0 : Errno.EINVAL.code();
  }

  int queryDevice(MemorySegment asked, MemorySegment attributes) {
    if (asked.address() != context.address()) {
      return Errno.EINVAL.code();
    }
    attributes
        .reinterpret(LibIbverbs.DEVICE_ATTR_SIZE)
        .set(JAVA_BYTE, LibIbverbs.DEVICE_ATTR_PORTS, (byte) lengths.size());
    return 0;
  }

  int queryPort(MemorySegment asked, byte port, MemorySegment attributes) {
    if (asked.address() != context.address() || port < 1 || port > lengths.size()) {
      return Errno.EINVAL.code();
    }
    MemorySegment target = attributes.reinterpret(LibIbverbs.PORT_ATTR_SIZE);
    target.set(JAVA_INT, LibIbverbs.PORT_ATTR_TABLE_LENGTH, lengths.get(port - 1));
    target.set(JAVA_BYTE, LibIbverbs.PORT_ATTR_LINK_LAYER, ETHERNET);
    return 0;
  }

  long queryGidTable(
      MemorySegment asked, MemorySegment entries, long capacity, int flags, long entrySize) {
    tableCalls++;
    if (tableErrno != 0) {
      return -tableErrno;
    }
    if (asked.address() != context.address()
        || flags != 0
        || entrySize != LibIbverbs.ENTRY_SIZE
        || capacity > MOST_ENTRIES
        || filled.size() > capacity) {
      return -Errno.EINVAL.code();
    }
    MemorySegment target = entries.reinterpret(capacity * entrySize);
    for (int i = 0; i < filled.size(); i++) {
      write(filled.get(i), target.asSlice(i * entrySize, entrySize));
    }
    return filled.size();
  }

  int queryGidEx(
      MemorySegment asked, int port, int index, MemorySegment entry, int flags, long entrySize) {
    entryCalls++;
    if (entryErrno != 0) {
      return entryErrno;
    }
    if (asked.address() != context.address()
        || flags != 0
        || entrySize != LibIbverbs.ENTRY_SIZE
        || index >= lengths.get(port - 1)) {
      return Errno.EINVAL.code();
    }
    for (PortEntry candidate : filled) {
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
