package io.rdmagid.deviceplugin.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.Inventory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingObserverTest {
  private final BlockingQueue<Inventory> heard = new LinkedBlockingQueue<>();
  private final BlockingQueue<List<String>> told = new LinkedBlockingQueue<>();
  @TempDir Path folder;
  private RecordingObserver observer;
  private Thread thread;

  private void write(String content) throws IOException {
    Path fresh = Files.writeString(folder.resolve("fresh"), content.replace('\'', '"'));
    Files.move(
        fresh,
        folder.resolve("recording.json"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private void writeDevice(String name) throws IOException {
    write("{'version': 1, 'devices': [{'name': '" + name + "'}]}");
  }

  private void assertHeard(String device) throws InterruptedException {
    Inventory inventory = heard.poll(20, TimeUnit.SECONDS);
    assertThat(inventory).isNotNull();
    assertThat(inventory.devices()).extracting(Device::name).containsExactly(device);
  }

  @BeforeEach
  void start() throws IOException {
    writeDevice("rxe0");
    observer =
        new RecordingObserver(
            folder.resolve("recording.json"),
            new InventoryListener() {
              @Override
              public void changed(Inventory inventory, Instant eventAt, Instant readAt) {
                heard.add(inventory);
              }

              @Override
              public void problems(List<String> problems) {
                told.add(problems);
              }
            },
            Clock.systemUTC());
    thread = Thread.ofPlatform().start(observer);
  }

  @AfterEach
  void stop() throws InterruptedException {
    observer.stop();
    assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
  }

  @Test
  void aReplacedFileIsRead() throws IOException, InterruptedException {
    assertHeard("rxe0");
    writeDevice("rxe1");
    assertHeard("rxe1");
  }

  @Test
  void anInvalidFileChangesNothing() throws IOException, InterruptedException {
    assertHeard("rxe0");
    write("{'version': 2}");
    // The same again is no change either: the next that is heard is the one after it.
    writeDevice("rxe0");
    writeDevice("rxe2");
    assertHeard("rxe2");
    assertThat(heard).isEmpty();
  }

  @Test
  void whatIsWrongIsToldOnceAndThatItIsWellAgain() throws IOException, InterruptedException {
    assertHeard("rxe0");
    write("{'version': 2}");
    assertTold("version is not a whole number from 1 to 1");
    write("{'version': 2, 'hostname': 'another'}");
    write("{'version': 3, 'x': 1}");
    assertTold(
        "version is not a whole number from 1 to 1",
        "x is not a field of a recording of version 1");
    Files.delete(folder.resolve("recording.json"));
    assertTold("no such file");
    writeDevice("rxe0");
    assertTold();
    writeDevice("rxe1");
    assertHeard("rxe1");
    assertThat(told).isEmpty();
  }

  private void assertTold(String... problems) throws InterruptedException {
    assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo(List.of(problems));
  }

  @Test
  void afterTheFolderThereIsNothingToObserve() throws IOException, InterruptedException {
    assertHeard("rxe0");
    AtomicReference<Throwable> end = new AtomicReference<>();
    thread.setUncaughtExceptionHandler((_, e) -> end.set(e));

    Files.delete(folder.resolve("recording.json"));
    Files.delete(folder);

    assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
    assertThat(end.get())
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("the folder is gone");
    Path _ = Files.createDirectory(folder); // for who removes it
  }

  @Test
  void stopEndsIt() throws InterruptedException {
    assertHeard("rxe0");
    observer.stop();
    assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
  }
}
