package io.rdmagid.deviceplugin.verbs;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.rdmagid.deviceplugin.inventory.UnreadDevice;
import io.rdmagid.deviceplugin.posix.AttributeFiles;
import io.rdmagid.deviceplugin.posix.CallState;
import io.rdmagid.deviceplugin.posix.Errno;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import io.rdmagid.deviceplugin.posix.NativeLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@link Verbs} by libibverbs. */
public final class NativeVerbs implements Verbs {
  /** Where libibverbs opens devices: RDMA_CDEV_DIR of rdma-core. */
  public static final Path DEVICE_NODES = Path.of("/dev/infiniband");

  private static final String NO_PROVIDER =
      "no provider library for it, so libibverbs does not list it: install ibverbs-providers (apt) or"
          + " libibverbs (dnf), of a version that knows its driver";

  private final CallState calls = new CallState();
  private final LibIbverbs library;
  private final FileDescriptors descriptors;
  private final Path deviceNodes;
  private final SysfsDevices sysfs;
  private final SysfsTables sysfsTables;
  private final DefaultRoceModes roceModes;

  /** How the tables of the devices that are there can be read. */
  private final Map<DeviceNode, GidTables.Learned> learned = new HashMap<>();

  /**
   * Loads libibverbs.
   *
   * @param descriptors of the same thread
   * @param sysfs where sysfs is mounted, usually /sys
   * @throws IllegalStateException if the library is not there or too old
   */
  public NativeVerbs(FileDescriptors descriptors, Path sysfs) {
    this(descriptors, sysfs, DEVICE_NODES);
  }

  /**
   * The same where libibverbs is one that opens other files.
   *
   * @param deviceNodes their folder, usually /dev/infiniband
   */
  public NativeVerbs(FileDescriptors descriptors, Path sysfs, Path deviceNodes) {
    this(descriptors, sysfs, deviceNodes, NativeVerbs::installed);
  }

  /** The same with a libibverbs from elsewhere. */
  NativeVerbs(
      FileDescriptors descriptors,
      Path sysfs,
      Path deviceNodes,
      Supplier<NativeLibrary> libibverbs) {
    this.descriptors = descriptors;
    this.deviceNodes = deviceNodes;
    this.sysfs = new SysfsDevices(sysfs);
    AttributeFiles files = new AttributeFiles(descriptors);
    this.sysfsTables = new SysfsTables(sysfs, files);
    this.roceModes = new DefaultRoceModes(sysfs, files);
    this.library = library(calls, libibverbs);
  }

  private static NativeLibrary installed() {
    return NativeLibrary.load(LibIbverbs.SONAME);
  }

  private static LibIbverbs library(CallState calls, Supplier<NativeLibrary> libibverbs) {
    try {
      return new LibIbverbs(calls, libibverbs.get());
    } catch (IllegalArgumentException | IllegalStateException e) {
      calls.close();
      throw new IllegalStateException(
          LibIbverbs.SONAME + " cannot be used: install libibverbs1 of rdma-core", e);
    }
  }

  @Override
  public Reply<List<DeviceNode>> devices() {
    Reply<List<DeviceNode>> nodes = sysfs.nodes();
    if (nodes instanceof Reply.Ok<List<DeviceNode>>(List<DeviceNode> there)) {
      learned.keySet().retainAll(there);
    }
    return nodes;
  }

  @Override
  public OpenDevice.Description describeClosed(DeviceNode node) {
    return sysfs.describe(node.name());
  }

  @Override
  public Reply<OpenDevice> open(DeviceNode node) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(JAVA_INT);
      MemorySegment list = library.getDeviceList(count);
      if (list.equals(MemorySegment.NULL)) {
        return new Reply.Refused<>("ibv_get_device_list", node.name(), calls.errno());
      }
      try {
        for (MemorySegment device : pointers(list, count.get(JAVA_INT, 0))) {
          if (uverbs(device).equals(node.uverbs())) {
            return open(node, device);
          }
        }
        return new Reply.Refused<>(
            "ibv_get_device_list",
            node.name(),
            Errno.ENODEV.code(),
            NO_PROVIDER,
            UnreadDevice.Cause.NO_PROVIDER,
            List.of());
      } finally {
        library.freeDeviceList(list);
      }
    }
  }

  @Override
  public void close() {
    calls.close();
  }

  /**
   * The node is opened once by itself before: libibverbs has the errno of something else where that
   * is refused, and where there is /dev/char it waits 5 s for a link in there (util/open_cdev.c of
   * rdma-core), in which nobody would take any events.
   */
  private Reply<OpenDevice> open(DeviceNode node, MemorySegment device) {
    Path file = deviceNodes.resolve(node.uverbs());
    int descriptor = descriptors.openToWrite(file.toString());
    if (descriptor < 0) {
      return new Reply.Refused<>("open of " + file, node.name(), -descriptor);
    }
    descriptors.close(descriptor);
    MemorySegment context = library.openDevice(device);
    if (context.equals(MemorySegment.NULL)) {
      return new Reply.Refused<>("ibv_open_device", node.name(), calls.errno());
    }
    int asyncFd =
        LibIbverbs.at(context, LibIbverbs.CONTEXT_SIZE).get(JAVA_INT, LibIbverbs.CONTEXT_ASYNC_FD);
    long result = descriptors.setNonBlocking(asyncFd);
    if (result < 0) {
      library.closeDevice(context);
      return new Reply.Refused<>("fcntl", node.name(), (int) -result);
    }
    GidTables tables =
        new GidTables(
            node,
            context,
            library,
            sysfsTables,
            learned.computeIfAbsent(node, _ -> new GidTables.Learned()));
    return new Reply.Ok<>(
        new NativeDevice(node, context, asyncFd, library, descriptors, sysfs, roceModes, tables));
  }

  private static List<MemorySegment> pointers(MemorySegment list, int count) {
    MemorySegment array = LibIbverbs.at(list, count * ADDRESS.byteSize());
    List<MemorySegment> pointers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      pointers.add(array.getAtIndex(ADDRESS, i));
    }
    return pointers;
  }

  private static String uverbs(MemorySegment pointer) {
    return LibIbverbs.at(pointer, LibIbverbs.DEVICE_SIZE).getString(LibIbverbs.DEVICE_UVERBS_NAME);
  }
}
