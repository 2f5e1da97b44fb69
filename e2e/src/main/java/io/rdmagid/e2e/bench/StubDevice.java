package io.rdmagid.e2e.bench;

import io.rdmagid.e2e.testbed.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/**
 * The device of {@code e2e/bench/stub-ibverbs.c}: its table is a file, its events come out of a
 * FIFO, and of sysfs and /dev/infiniband it has what the agent looks for.
 */
final class StubDevice {
  /** As software RoCE has them. */
  static final int SLOTS = 1024;

  private static final int ENTRY = 32; // struct ib_uverbs_gid_entry
  private static final int EVENT = 16; // struct ib_uverbs_async_event_desc
  private static final int IBV_EVENT_GID_CHANGE = 18;
  private static final int ROCE_V2 = 2;

  private final Path folder;
  private final Path library;

  private StubDevice(Path folder, Path library) {
    this.folder = folder;
    this.library = library;
  }

  /**
   * Makes a device in a folder of its own.
   *
   * @param filled how many slots, from the first
   */
  static StubDevice in(Path folder, BenchPrograms programs, int filled) {
    StubDevice device = new StubDevice(folder, programs.stub());
    try {
      Path classes = device.sysfs().resolve("class");
      Path verbs = Files.createDirectories(classes.resolve("infiniband_verbs/uverbs0"));
      Files.writeString(verbs.resolve("ibdev"), "rxe0\n");
      Files.createDirectories(classes.resolve("infiniband/rxe0/ports/1"));
      Files.createDirectories(device.deviceNodes());
      Files.writeString(device.deviceNodes().resolve("uverbs0"), "");
      Files.write(device.table(), new byte[SLOTS * ENTRY]);
      Files.deleteIfExists(device.events());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String _ = Command.of("mkfifo", device.events().toString()).sh();
    for (int slot = 0; slot < filled; slot++) {
      device.put(slot, 10, 90, slot / 250, slot % 250 + 1);
    }
    return device;
  }

  Path sysfs() {
    return folder.resolve("sys");
  }

  Path deviceNodes() {
    return folder.resolve("dev");
  }

  /** What a process needs to see it. */
  Map<String, String> environment() {
    return Map.of(
        "LD_LIBRARY_PATH", library.toString(),
        "RDMAGID_STUB_TABLE", table().toString(),
        "RDMAGID_STUB_EVENTS", events().toString());
  }

  /** Puts an IPv4 address into a slot. */
  void put(int slot, int a, int b, int c, int d) {
    ByteBuffer entry = ByteBuffer.allocate(ENTRY).order(ByteOrder.LITTLE_ENDIAN);
    entry.put(10, (byte) 0xff).put(11, (byte) 0xff);
    List<Integer> address = List.of(a, b, c, d);
    for (int i = 0; i < address.size(); i++) {
      entry.put(12 + i, address.get(i).byteValue());
    }
    entry.putInt(16, slot).putInt(20, 1).putInt(24, ROCE_V2);
    write(table(), entry, (long) slot * ENTRY);
  }

  /** Tells who has the device open that the table has changed; waits until somebody has. */
  void tell() {
    ByteBuffer event = ByteBuffer.allocate(EVENT).order(ByteOrder.LITTLE_ENDIAN);
    event.putLong(0, 1).putInt(8, IBV_EVENT_GID_CHANGE);
    try (FileChannel fifo = FileChannel.open(events(), StandardOpenOption.WRITE)) {
      int _ = fifo.write(event);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, ByteBuffer bytes, long at) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      int _ = channel.write(bytes, at);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path table() {
    return folder.resolve("table");
  }

  private Path events() {
    return folder.resolve("events");
  }
}
