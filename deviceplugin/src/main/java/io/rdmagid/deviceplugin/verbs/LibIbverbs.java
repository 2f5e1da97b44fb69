package io.rdmagid.deviceplugin.verbs;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.rdmagid.deviceplugin.posix.CallState;
import io.rdmagid.deviceplugin.posix.NativeLibrary;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The functions of libibverbs.so.1 and the layouts of infiniband/verbs.h (rdma-core 32 and later,
 * LP64). {@code _ibv_query_gid_table} is what the inline {@code ibv_query_gid_table} calls; {@code
 * ibv_query_port} as a symbol fills the 48 bytes of struct _compat_ibv_port_attr.
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

  private static final NativeLibrary LIBRARY = NativeLibrary.load(SONAME);
  private static final MethodHandle GET_DEVICE_LIST =
      LIBRARY.function("ibv_get_device_list", FunctionDescriptor.of(ADDRESS, ADDRESS));
  private static final MethodHandle FREE_DEVICE_LIST =
      LIBRARY.function("ibv_free_device_list", FunctionDescriptor.ofVoid(ADDRESS));
  private static final MethodHandle OPEN_DEVICE =
      LIBRARY.function("ibv_open_device", FunctionDescriptor.of(ADDRESS, ADDRESS));
  private static final MethodHandle CLOSE_DEVICE =
      LIBRARY.function("ibv_close_device", FunctionDescriptor.of(JAVA_INT, ADDRESS));
  private static final MethodHandle QUERY_DEVICE =
      LIBRARY.function("ibv_query_device", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
  private static final MethodHandle QUERY_PORT =
      LIBRARY.function(
          "ibv_query_port", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_BYTE, ADDRESS));
  private static final MethodHandle QUERY_GID_TABLE =
      LIBRARY.function(
          "_ibv_query_gid_table",
          FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_LONG));

  private final CallState calls;

  LibIbverbs(CallState calls) {
    this.calls = calls;
  }

  /** {@code ibv_get_device_list}: NULL with errno set where it fails. */
  MemorySegment getDeviceList(MemorySegment count) {
    return MemorySegment.ofAddress(
        calls.once(errno -> ((MemorySegment) GET_DEVICE_LIST.invokeExact(errno, count)).address()));
  }

  /** {@code ibv_free_device_list}. */
  void freeDeviceList(MemorySegment list) {
    calls.once(errno -> {
      FREE_DEVICE_LIST.invokeExact(errno, list);
      return 0;
    });
  }

  /** {@code ibv_open_device}: NULL with errno set where it fails. */
  MemorySegment openDevice(MemorySegment device) {
    return MemorySegment.ofAddress(
        calls.once(errno -> ((MemorySegment) OPEN_DEVICE.invokeExact(errno, device)).address()));
  }

  /** {@code ibv_close_device}. */
  int closeDevice(MemorySegment context) {
    return (int) calls.once(errno -> (int) CLOSE_DEVICE.invokeExact(errno, context));
  }

  /** {@code ibv_query_device}: 0 or the error number. */
  int queryDevice(MemorySegment context, MemorySegment attributes) {
    return (int) calls.once(errno -> (int) QUERY_DEVICE.invokeExact(errno, context, attributes));
  }

  /** {@code ibv_query_port}: 0 or the error number. */
  int queryPort(MemorySegment context, int port, MemorySegment attributes) {
    return (int)
        calls.once(errno -> (int) QUERY_PORT.invokeExact(errno, context, (byte) port, attributes));
  }

  /** {@code _ibv_query_gid_table}: the number of entries, or the error number negated. */
  long queryGidTable(MemorySegment context, MemorySegment entries, long capacity) {
    return calls.once(errno ->
        (long) QUERY_GID_TABLE.invokeExact(errno, context, entries, capacity, 0, ENTRY_SIZE));
  }

  /** The bytes behind a pointer that the library returned. */
  @SuppressWarnings("restricted")
  static MemorySegment at(MemorySegment pointer, long size) {
    return pointer.reinterpret(size);
  }
}
