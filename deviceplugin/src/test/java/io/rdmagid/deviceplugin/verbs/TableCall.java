package io.rdmagid.deviceplugin.verbs;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.rdmagid.deviceplugin.posix.CallState;
import io.rdmagid.deviceplugin.posix.Errno;
import io.rdmagid.deviceplugin.posix.NativeLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The one call that reads a device's GID tables, by itself: into memory that is there already, with
 * nothing made of what it gave. For who measures what the call costs from Java. It belongs to the
 * platform thread that made it, and lasts as long as its process.
 */
public final class TableCall {
  private final LibIbverbs library;
  private final MemorySegment context;
  private final MemorySegment entries;
  private final int capacity;

  /**
   * Opens a device.
   *
   * @param capacity how many entries there is room for; with less than the table has the call fails
   * @throws IllegalStateException if there is no such device, or the system refuses
   */
  public TableCall(Verbs.DeviceNode node, int capacity) {
    this.capacity = capacity;
    CallState calls = new CallState();
    library = new LibIbverbs(calls, NativeLibrary.load(LibIbverbs.SONAME));
    entries = calls.arena().allocate(capacity * LibIbverbs.ENTRY_SIZE, 8);
    context = library.openDevice(device(node, calls.arena()));
    if (context.equals(MemorySegment.NULL)) {
      throw new IllegalStateException(
          node.name() + ": ibv_open_device: " + Errno.describe(calls.errno()));
    }
  }

  private MemorySegment device(Verbs.DeviceNode node, Arena arena) {
    MemorySegment count = arena.allocate(JAVA_INT);
    MemorySegment list = library.getDeviceList(count);
    MemorySegment devices =
        LibIbverbs.at(list, list.address() == 0 ? 0 : count.get(JAVA_INT, 0) * ADDRESS.byteSize());
    return devices
        .elements(ADDRESS)
        .map(element -> element.get(ADDRESS, 0))
        .filter(candidate ->
            LibIbverbs.at(candidate, LibIbverbs.DEVICE_SIZE)
                .getString(LibIbverbs.DEVICE_UVERBS_NAME)
                .equals(node.uverbs()))
        .findFirst()
        .orElseThrow(
            () -> new IllegalStateException(node.name() + ": libibverbs does not list it"));
  }

  /**
   * Makes the call.
   *
   * @return how many entries it gave
   * @throws IllegalStateException if it is refused
   */
  public long read() {
    long count = library.queryGidTable(context, entries, capacity);
    if (count < 0) {
      throw new IllegalStateException("ibv_query_gid_table: " + Errno.describe((int) -count));
    }
    return count;
  }
}
