package io.rdmagid.deviceplugin.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FileDescriptorsTest {
  private final FileDescriptors descriptors = new FileDescriptors();
  private final WakeUp wakeUp = WakeUp.create();

  @AfterEach
  void close() {
    descriptors.close(wakeUp.descriptor());
    descriptors.close();
  }

  @Test
  void aSignalOfAnotherThreadEndsPoll() throws InterruptedException {
    Thread other = Thread.ofPlatform().start(wakeUp::signal);

    assertThat(descriptors.poll(List.of(wakeUp.descriptor()), 20_000))
        .containsExactly(wakeUp.descriptor());
    assertThat(other.join(Duration.ofSeconds(20))).isTrue();
  }

  @Test
  void aVirtualThreadMaySignal() throws InterruptedException {
    Thread other = Thread.ofVirtual().start(wakeUp::signal);

    assertThat(descriptors.poll(List.of(wakeUp.descriptor()), 20_000)).hasSize(1);
    assertThat(other.join(Duration.ofSeconds(20))).isTrue();
  }

  @Test
  void withoutASignalPollEndsWithTheTimeOut() {
    assertThat(descriptors.poll(List.of(wakeUp.descriptor()), 0)).isEmpty();
  }

  @Test
  void readingTakesTheSignalBack() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(8, 8);
      wakeUp.signal();
      wakeUp.signal();

      assertThat(descriptors.read(wakeUp.descriptor(), buffer)).isEqualTo(8);
      assertThat(buffer.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(2);
      assertThat(descriptors.read(wakeUp.descriptor(), buffer)).isEqualTo(-Errno.EAGAIN.code());
      assertThat(descriptors.poll(List.of(wakeUp.descriptor()), 0)).isEmpty();
    }
  }

  @Test
  void anErrorIsErrnoNegated() {
    long badDescriptor = -9; // EBADF
    assertThat(descriptors.close(-1)).isEqualTo(-1);
    assertThat(descriptors.setNonBlocking(-1)).isEqualTo(badDescriptor);
    try (Arena arena = Arena.ofConfined()) {
      assertThat(descriptors.read(-1, arena.allocate(8))).isEqualTo(badDescriptor);
    }
    int inotify = descriptors.inotify();
    assertThat(inotify).isNotNegative();
    assertThat(descriptors.watch(inotify, "/no/such/folder", 0x100))
        .isEqualTo(-Errno.ENOENT.code());
    assertThat(descriptors.close(inotify)).isZero();
  }

  @Test
  void aVirtualThreadIsRefused() throws InterruptedException {
    AtomicReference<Throwable> refusal = new AtomicReference<>();
    Thread thread =
        Thread.ofVirtual()
            .start(() -> {
              try (FileDescriptors mine = new FileDescriptors()) {
                mine.poll(List.of(), 0);
              } catch (IllegalStateException e) {
                refusal.set(e);
              }
            });
    assertThat(thread.join(Duration.ofSeconds(20))).isTrue();

    assertThat(refusal.get()).hasMessageContaining("platform thread");
  }

  @Test
  void anotherThreadIsRefused() throws InterruptedException {
    AtomicReference<Throwable> refusal = new AtomicReference<>();
    Thread thread =
        Thread.ofPlatform()
            .start(() -> {
              try {
                descriptors.setNonBlocking(-1);
              } catch (WrongThreadException e) {
                refusal.set(e);
              }
            });
    assertThat(thread.join(Duration.ofSeconds(20))).isTrue();

    assertThat(refusal.get()).isInstanceOf(WrongThreadException.class);
  }

  @Test
  void aLibraryThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> NativeLibrary.load("libno-such.so.9"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() ->
            NativeLibrary.libc()
                .function(
                    "no_such_function",
                    java.lang.foreign.FunctionDescriptor.of(ValueLayout.JAVA_INT)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no_such_function");
  }
}
