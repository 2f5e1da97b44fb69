package io.rdmagid.deviceplugin.verbs;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.inventory.PortEntry;
import io.rdmagid.deviceplugin.inventory.ReadBy;
import io.rdmagid.deviceplugin.posix.Errno;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The GID tables of an open device: by one call; where that is refused, or cannot give so many, by
 * a call a slot; where that is refused, by sysfs. What worked once is what is used from then on.
 * Where libibverbs would walk sysfs itself in place of either call, ours begins: it tells what it
 * does, and minds no netdev that is not visible.
 */
final class GidTables {
  private static final Logger LOG = LoggerFactory.getLogger(GidTables.class);

  /** RESP_ENTRIES.len is a u16: more entries of 32 bytes cannot be asked for in one call. */
  private static final int MOST_ENTRIES = 2047;

  private static final String TABLE_CHANGED =
      "the table has changed its length: the next reading asks for it again; if it stays, kernel and"
          + " libibverbs do not fit each other";

  /**
   * That a call is not for this kernel, library or provider. ENODEV is among them: a removed device
   * gives EIO, whereas libibverbs gives ENODEV where it has to walk sysfs itself and meets a netdev
   * of another network namespace, for the whole table (libibverbs/cmd_device.c,
   * query_sysfs_gid_ndev_ifindex). If the device is gone after all, sysfs says so.
   */
  private static final Set<Integer> NOT_THIS_WAY =
      Set.of(
          Errno.ENODEV.code(),
          Errno.ENOTTY.code(),
          Errno.ENOSYS.code(),
          Errno.EPROTONOSUPPORT.code(),
          Errno.EOPNOTSUPP.code());

  private static final VarHandle NETWORK_ORDER =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private static final VarHandle MACHINE_ORDER =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());

  private final Verbs.DeviceNode node;
  private final MemorySegment context;
  private final LibIbverbs library;
  private final List<Method> methods;

  private final Learned learned;

  /**
   * Which of the ways is in use for a device: the place in {@link #methods}. It outlives the open
   * device where that is opened for each reading.
   */
  static final class Learned {
    private boolean worked;
    private int inUse;
  }

  /** A way to read. */
  private record Method(
      ReadBy readBy, Function<Map<Integer, PortAttributes>, Reply<List<PortEntry>>> read) {}

  GidTables(
      Verbs.DeviceNode node,
      MemorySegment context,
      LibIbverbs library,
      SysfsTables sysfs,
      Learned learned) {
    this.node = node;
    this.context = context;
    this.library = library;
    this.learned = learned;
    this.methods =
        List.of(
            new Method(ReadBy.IOCTL, this::atOnce),
            new Method(ReadBy.ENTRIES, this::slotBySlot),
            new Method(ReadBy.SYSFS, ports -> sysfs.read(node.name(), ports)));
  }

  /** Reads all slots of these ports. */
  Reply<OpenDevice.Tables> read(Map<Integer, PortAttributes> ports) {
    List<String> refusals = new ArrayList<>();
    int first = learned.inUse;
    if (!learned.worked && library.walksSysfs(context)) {
      refusals.add("the kernel has no call for GIDs: Linux 5.10 has");
      first = methods.size() - 1;
    }
    for (int i = first; ; i++) {
      Method method = methods.get(i);
      switch (method.read().apply(ports)) {
        case Reply.Ok<List<PortEntry>>(List<PortEntry> entries) -> {
          use(i, refusals);
          return new Reply.Ok<>(new OpenDevice.Tables(entries, method.readBy()));
        }
        case Reply.Refused<List<PortEntry>> refused -> {
          if (i == methods.size() - 1 || !asksForAnother(method, refused.errno(), ports)) {
            return refused.<OpenDevice.Tables>as().after(refusals);
          }
          refusals.add(refused.inShort());
        }
      }
    }
  }

  private void use(int method, List<String> refusals) {
    learned.worked = true;
    if (method != learned.inUse) {
      learned.inUse = method;
      LOG.atWarn()
          .addKeyValue("device", node.name())
          .addKeyValue("method", methods.get(method).readBy().text())
          .addKeyValue("refusals", refusals)
          .log("GID tables read more slowly");
    }
  }

  /**
   * EINVAL of the one call means, among other things, that there are more entries than it was given
   * room for. Where it had room for every slot, the tables have grown since the ports told their
   * lengths, or something is really wrong: no other method would help, as it asks for no more
   * slots. The refusal stands, and the next reading asks for the lengths again.
   */
  private static boolean asksForAnother(
      Method method, int errno, Map<Integer, PortAttributes> ports) {
    return NOT_THIS_WAY.contains(errno)
        || (errno == Errno.EINVAL.code()
            && method.readBy() == ReadBy.IOCTL
            && slots(ports) > MOST_ENTRIES);
  }

  private Reply<List<PortEntry>> atOnce(Map<Integer, PortAttributes> ports) {
    int capacity = Math.clamp(slots(ports), 1, MOST_ENTRIES);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment entries = arena.allocate(capacity * LibIbverbs.ENTRY_SIZE, 8);
      long count = library.queryGidTable(context, entries, capacity);
      if (count < 0) {
        return refused("ibv_query_gid_table", (int) -count);
      }
      // Copied as a whole: field by field a segment costs ten times as much, and heap by the entry.
      byte[] bytes = entries.asSlice(0, count * LibIbverbs.ENTRY_SIZE).toArray(JAVA_BYTE);
      List<PortEntry> result = new ArrayList<>((int) count);
      for (int offset = 0; offset < bytes.length; offset += (int) LibIbverbs.ENTRY_SIZE) {
        add(bytes, offset, result);
      }
      return new Reply.Ok<>(result);
    }
  }

  private Reply<List<PortEntry>> slotBySlot(Map<Integer, PortAttributes> ports) {
    List<PortEntry> result = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment entry = arena.allocate(LibIbverbs.ENTRY_SIZE, 8);
      for (Map.Entry<Integer, PortAttributes> port : ports.entrySet()) {
        for (int index = 0; index < port.getValue().gidTableLength(); index++) {
          int error = library.queryGidEx(context, port.getKey(), index, entry);
          if (error == 0) {
            add(entry.toArray(JAVA_BYTE), 0, result);
          } else if (error != Errno.ENODATA.code()) {
            return refused("ibv_query_gid_ex", error);
          }
        }
      }
    }
    return new Reply.Ok<>(result);
  }

  /** Adds the entry that begins here, if its type is known. */
  private void add(byte[] bytes, int offset, List<PortEntry> result) {
    int code = number(bytes, offset + LibIbverbs.ENTRY_TYPE);
    Optional<GidType> type = GidType.fromKernelCode(code);
    if (type.isPresent()) {
      result.add(
          new PortEntry(
              number(bytes, offset + LibIbverbs.ENTRY_PORT),
              number(bytes, offset + LibIbverbs.ENTRY_INDEX),
              new Gid(
                  (long) NETWORK_ORDER.get(bytes, offset),
                  (long) NETWORK_ORDER.get(bytes, offset + Long.BYTES)),
              type.get(),
              number(bytes, offset + LibIbverbs.ENTRY_IFINDEX),
              ""));
    } else {
      LOG.atWarn()
          .addKeyValue("device", node.name())
          .addKeyValue("type", code)
          .log("GID type unknown, entry left out");
    }
  }

  private static int number(byte[] bytes, long offset) {
    return (int) MACHINE_ORDER.get(bytes, (int) offset);
  }

  private <T> Reply<T> refused(String operation, int errno) {
    return errno == Errno.EINVAL.code()
        ? new Reply.Refused<>(operation, node.name(), errno, TABLE_CHANGED)
        : new Reply.Refused<>(operation, node.name(), errno);
  }

  private static long slots(Map<Integer, PortAttributes> ports) {
    return ports.values().stream().mapToLong(PortAttributes::gidTableLength).sum();
  }
}
