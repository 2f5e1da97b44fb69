package io.rdmagid.deviceplugin.verbs;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.posix.CallState;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import io.rdmagid.deviceplugin.posix.NativeLibrary;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The queue of asynchronous events, which here is a pipe. */
class NativeDeviceTest {
  private static final NativeLibrary LIBC = NativeLibrary.libc();
  private static final MethodHandle PIPE =
      LIBC.function("pipe", FunctionDescriptor.of(JAVA_INT, ADDRESS));
  private static final MethodHandle WRITE =
      LIBC.function("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));

  private static final int EVENT = 16;
  private static final int DEVICE_FATAL = 8;
  private static final int PORT_ERR = 10;
  private static final int GID_CHANGE = 18;

  private final CallState calls = new CallState();
  private final FileDescriptors descriptors = new FileDescriptors();
  @TempDir Path sysfs;
  @TempDir Path deviceNodes;
  private int readEnd;
  private int writeEnd;
  private StubIbverbs library;
  private Verbs verbs;
  private OpenDevice device;

  @BeforeEach
  void open() throws IOException {
    Path _ = Files.createFile(deviceNodes.resolve("uverbs0"));
    MemorySegment ends = calls.arena().allocate(JAVA_INT, 2);
    assertThat(calls.call(errno -> (int) PIPE.invokeExact(errno, ends))).isZero();
    readEnd = ends.getAtIndex(JAVA_INT, 0);
    writeEnd = ends.getAtIndex(JAVA_INT, 1);
    library = new StubIbverbs("uverbs0", readEnd);
    verbs =
        new NativeVerbs(
            descriptors,
            sysfs,
            deviceNodes,
            () -> NativeLibrary.of("libibverbs of the test", library));
    device =
        switch (verbs.open(new Verbs.DeviceNode("stub0", "uverbs0"))) {
          case Reply.Ok<OpenDevice>(OpenDevice opened) -> opened;
          case Reply.Refused<OpenDevice> refused -> throw new AssertionError(refused.describe());
        };
  }

  @AfterEach
  void close() {
    device.close();
    verbs.close();
    library.close();
    descriptors.close(readEnd);
    if (writeEnd >= 0) {
      descriptors.close(writeEnd);
    }
    descriptors.close();
    calls.close();
  }

  /** The kernel queues events of this type. */
  private void queue(int type, int count) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment events = arena.allocate((long) EVENT * count, 8);
      for (int i = 0; i < count; i++) {
        events.set(JAVA_INT, (long) i * EVENT + 8, type);
      }
      long size = events.byteSize();
      assertThat(calls.call(errno -> (long) WRITE.invokeExact(errno, writeEnd, events, size)))
          .isEqualTo(size);
    }
  }

  private void assertQueueEmpty() {
    assertThat(descriptors.poll(List.of(readEnd), 0)).isEmpty();
  }

  @Test
  void withoutEventsThereIsNone() {
    assertThat(device.eventDescriptor()).hasValue(readEnd);
    assertThat(device.drainEvents()).isEqualTo(OpenDevice.Events.NONE);
  }

  /** The kernel's queue has no bound: what is left in it stays in its memory. */
  @Test
  void theQueueIsDrainedHoweverMuchIsInIt() {
    queue(GID_CHANGE, 1_000);
    queue(PORT_ERR, 7);

    assertThat(device.drainEvents()).isEqualTo(OpenDevice.Events.CHANGED);

    assertQueueEmpty();
    assertThat(device.drainEvents()).isEqualTo(OpenDevice.Events.NONE);
  }

  @Test
  void theKernelSaysThatADeviceGoesAmongOtherEvents() {
    queue(GID_CHANGE, 70);
    queue(DEVICE_FATAL, 1);
    queue(GID_CHANGE, 70);

    assertThat(device.drainEvents()).isEqualTo(OpenDevice.Events.REMOVED);
    assertQueueEmpty();
  }

  @Test
  void aQueueThatEndsIsADeviceThatGoes() {
    queue(GID_CHANGE, 1);
    descriptors.close(writeEnd);
    writeEnd = -1;

    assertThat(device.drainEvents()).isEqualTo(OpenDevice.Events.REMOVED);
  }
}
