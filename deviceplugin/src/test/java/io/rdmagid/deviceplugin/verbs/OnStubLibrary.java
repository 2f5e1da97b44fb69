package io.rdmagid.deviceplugin.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.inventory.PortEntry;
import io.rdmagid.deviceplugin.inventory.ReadBy;
import io.rdmagid.deviceplugin.posix.Errno;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import io.rdmagid.deviceplugin.posix.NativeLibrary;
import io.rdmagid.deviceplugin.posix.WakeUp;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A device of a libibverbs in Java, which is called as the real one is. */
abstract class OnStubLibrary {
  static final Verbs.DeviceNode NODE = new Verbs.DeviceNode("stub0", "uverbs0");
  private static final Logger LOG = (Logger) LoggerFactory.getLogger(GidTables.class);

  final FileDescriptors descriptors = new FileDescriptors();
  final WakeUp events = WakeUp.create();
  final StubIbverbs library = new StubIbverbs(NODE.uverbs(), events.descriptor());
  final ListAppender<ILoggingEvent> log = new ListAppender<>();
  @TempDir Path sysfs;
  @TempDir Path deviceNodes;
  Verbs verbs;
  OpenDevice device;

  @BeforeEach
  void begin() throws IOException {
    node(NODE);
    log.start();
    LOG.addAppender(log);
  }

  @AfterEach
  void close() {
    LOG.detachAppender(log);
    if (device != null) {
      device.close();
    }
    if (verbs != null) {
      verbs.close();
    }
    descriptors.close(events.descriptor());
    descriptors.close();
    library.close();
  }

  /** A device's file, as far as the test's library needs one. */
  final void node(Verbs.DeviceNode device) throws IOException {
    Path _ = Files.createFile(deviceNodes.resolve(device.uverbs()));
  }

  /** A port of this length with entries up to an index, every fourth slot left empty. */
  final void port(int length, int upTo) {
    library.lengths.add(length);
    int port = library.lengths.size();
    for (int index = 0; index < upTo; index++) {
      if (index % 4 != 3) {
        GidType type = index % 2 == 0 ? GidType.ROCE_V1 : GidType.ROCE_V2;
        Gid gid = new Gid(0, 0xffff_0a00_0000L + (port << 16) + index + 1);
        library.filled.add(new PortEntry(port, index, gid, type, 2 + index, ""));
      }
    }
  }

  final Reply<OpenDevice> open() {
    verbs =
        new NativeVerbs(
            descriptors,
            sysfs,
            deviceNodes,
            () -> NativeLibrary.of("libibverbs of the test", library));
    return verbs.open(NODE);
  }

  /** Reads as the observing thread does: the device stays open, the ports are asked each time. */
  final Reply<OpenDevice.Tables> read() {
    if (device == null) {
      device = value(open());
    }
    Map<Integer, PortAttributes> ports = new TreeMap<>();
    for (int number = 1; number <= value(device.describe()).ports(); number++) {
      ports.put(number, value(device.port(number)));
    }
    return device.tables(ports);
  }

  static <T> T value(Reply<T> reply) {
    return switch (reply) {
      case Reply.Ok<T>(T value) -> value;
      case Reply.Refused<T> refused -> throw new AssertionError(refused.describe());
    };
  }

  final void assertRead(ReadBy readBy) {
    assertThat(value(read())).isEqualTo(new OpenDevice.Tables(library.filled, readBy));
  }

  final void assertRefused(String operation, Errno errno) {
    assertThat(read())
        .isInstanceOfSatisfying(
            Reply.Refused.class,
            refused -> {
              assertThat(refused.operation()).isEqualTo(operation);
              assertThat(refused.device()).isEqualTo("stub0");
              assertThat(refused.errno()).isEqualTo(errno.code());
            });
  }

  /** Said once, with how it goes on. */
  final void assertSaid(ReadBy readBy) {
    assertThat(log.list)
        .singleElement()
        .satisfies(event -> {
          assertThat(event.getMessage()).isEqualTo("GID tables read more slowly");
          assertThat(event.getKeyValuePairs())
              .extracting(pair -> pair.key + "=" + pair.value)
              .contains("device=stub0", "method=" + readBy.text());
        });
  }
}
