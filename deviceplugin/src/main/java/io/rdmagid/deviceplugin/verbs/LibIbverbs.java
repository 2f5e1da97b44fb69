package io.rdmagid.deviceplugin.verbs;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.rdmagid.deviceplugin.posix.CallState;
import io.rdmagid.deviceplugin.posix.Errno;
import io.rdmagid.deviceplugin.posix.NativeLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * The functions of libibverbs.so.1 and the layouts of infiniband/verbs.h (LP64). {@code
 * _ibv_query_gid_table} and {@code _ibv_query_gid_ex}, of rdma-core 32 and later, are what the
 * inline {@code ibv_query_gid_table} and {@code ibv_query_gid_ex} call; {@code ibv_query_port} as a
 * symbol fills the 48 bytes of struct _compat_ibv_port_attr.
 */
final class LibIbverbs {
  static final String SONAME = "libibverbs.so.1";

  // struct ibv_device
  static final long DEVICE_UVERBS_NAME = 88;
  static final long DEVICE_SIZE = 664;
  // struct ibv_context
  static final long CONTEXT_ASYNC_FD = 268;
  static final long CONTEXT_SIZE = 272;
  // struct ibv_device_attr
  static final long DEVICE_ATTR_SIZE = 232;
  static final long DEVICE_ATTR_FIRMWARE = 0;
  static final long DEVICE_ATTR_PORTS = 227;
  // struct ibv_port_attr, its first 48 bytes
  static final long PORT_ATTR_SIZE = 64;
  static final long PORT_ATTR_STATE = 0;
  static final long PORT_ATTR_ACTIVE_MTU = 8;
  static final long PORT_ATTR_TABLE_LENGTH = 12;
  static final long PORT_ATTR_PHYSICAL_STATE = 45;
  static final long PORT_ATTR_LINK_LAYER = 46;
  // struct ibv_gid_entry, that of the kernel (ib_uverbs_gid_entry)
  static final long ENTRY_SIZE = 32;
  static final long ENTRY_INDEX = 16;
  static final long ENTRY_PORT = 20;
  static final long ENTRY_TYPE = 24;
  static final long ENTRY_IFINDEX = 28;

  private static final int ANY_FLAG = 1;

  /** In a constant, since it is what each reading of a table makes. */
  private static final MethodHandle QUERY_GID_TABLE =
      NativeLibrary.anywhere(
          FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_LONG));

  private final CallState calls;
  private final MethodHandle getDeviceList;
  private final MethodHandle freeDeviceList;
  private final MethodHandle openDevice;
  private final MethodHandle closeDevice;
  private final MethodHandle queryDevice;
  private final MethodHandle queryPort;
  private final @Nullable MemorySegment queryGidTable;
  private final @Nullable MethodHandle queryGidEx;

  /**
   * Finds the functions.
   *
   * @throws IllegalStateException if the library lacks one that nothing replaces
   */
  LibIbverbs(CallState calls, NativeLibrary library) {
    this.calls = calls;
    getDeviceList =
        library.function("ibv_get_device_list", FunctionDescriptor.of(ADDRESS, ADDRESS));
    freeDeviceList = library.function("ibv_free_device_list", FunctionDescriptor.ofVoid(ADDRESS));
    openDevice = library.function("ibv_open_device", FunctionDescriptor.of(ADDRESS, ADDRESS));
    closeDevice = library.function("ibv_close_device", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    queryDevice =
        library.function("ibv_query_device", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    queryPort =
        library.function(
            "ibv_query_port", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_BYTE, ADDRESS));
    queryGidTable = library.address("_ibv_query_gid_table");
    queryGidEx =
        library.functionIfThere(
            "_ibv_query_gid_ex",
            FunctionDescriptor.of(
                JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG));
  }

  /** {@code ibv_get_device_list}: NULL with errno set where it fails. */
  MemorySegment getDeviceList(MemorySegment count) {
    return MemorySegment.ofAddress(
        calls.once(errno -> ((MemorySegment) getDeviceList.invokeExact(errno, count)).address()));
  }

  /** {@code ibv_free_device_list}. */
  void freeDeviceList(MemorySegment list) {
    calls.once(errno -> {
      freeDeviceList.invokeExact(errno, list);
      return 0;
    });
  }

  /** {@code ibv_open_device}: NULL with errno set where it fails. */
  MemorySegment openDevice(MemorySegment device) {
    return MemorySegment.ofAddress(
        calls.once(errno -> ((MemorySegment) openDevice.invokeExact(errno, device)).address()));
  }

  /** {@code ibv_close_device}. */
  int closeDevice(MemorySegment context) {
    return (int) calls.once(errno -> (int) closeDevice.invokeExact(errno, context));
  }

  /** {@code ibv_query_device}: 0 or the error number. */
  int queryDevice(MemorySegment context, MemorySegment attributes) {
    return (int) calls.once(errno -> (int) queryDevice.invokeExact(errno, context, attributes));
  }

  /** {@code ibv_query_port}: 0 or the error number. */
  int queryPort(MemorySegment context, int port, MemorySegment attributes) {
    return (int)
        calls.once(errno -> (int) queryPort.invokeExact(errno, context, (byte) port, attributes));
  }

  /**
   * {@code _ibv_query_gid_table}: the number of entries, or the error number negated, ENOSYS where
   * the library is too old to have it.
   */
  long queryGidTable(MemorySegment context, MemorySegment entries, long capacity) {
    return queryGidTable(context, entries, capacity, 0);
  }

  /**
   * Whether the library would walk sysfs where it is asked for GIDs, since the kernel has neither
   * {@code QUERY_GID_TABLE} nor {@code QUERY_GID_ENTRY} (Linux 5.10). It does so in silence, opens
   * some thousands of files, and fails as a whole where an entry has a netdev of another network
   * namespace. What tells is a flag, of which there are none yet: a kernel that has the call
   * refuses it by EINVAL, the library before its walk by EOPNOTSUPP (libibverbs/cmd_device.c).
   */
  boolean walksSysfs(MemorySegment context) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment entry = arena.allocate(ENTRY_SIZE, 8);
      return queryGidTable(context, entry, 1, ANY_FLAG) == -Errno.EOPNOTSUPP.code();
    }
  }

  private long queryGidTable(
      MemorySegment context, MemorySegment entries, long capacity, int flags) {
    MemorySegment function = queryGidTable;
    if (function == null) {
      return -Errno.ENOSYS.code();
    }
    try {
      return (long)
          QUERY_GID_TABLE.invokeExact(function, context, entries, capacity, flags, ENTRY_SIZE);
    } catch (Throwable e) {
      throw CallState.thrown(e);
    }
  }

  /**
   * {@code _ibv_query_gid_ex}: 0 or the error number, ENODATA for an empty slot, ENOSYS where the
   * library is too old to have it.
   */
  int queryGidEx(MemorySegment context, int port, int index, MemorySegment entry) {
    MethodHandle function = queryGidEx;
    if (function == null) {
      return Errno.ENOSYS.code();
    }
    return (int)
        calls.once(
            errno -> (int) function.invokeExact(errno, context, port, index, entry, 0, ENTRY_SIZE));
  }

  /** The bytes behind a pointer that the library returned. */
  @SuppressWarnings("restricted")
  static MemorySegment at(MemorySegment pointer, long size) {
    return pointer.reinterpret(size);
  }
}
