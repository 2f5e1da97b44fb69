package io.rdmagid.deviceplugin.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.inventory.Inventory;
import java.io.IOException;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObservedFolderTest {
  /** What listeners are told, and who was made one. */
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

  @TempDir Path folder;
  private RecordingObserver observer;
  private Thread thread;

  private InventoryListener listener(Path file) {
    String name = file.getFileName().toString();
    told.add(name + " listened to");
    return new InventoryListener() {
      @Override
      public void changed(Inventory inventory, Instant eventAt, Instant readAt) {
        told.add(name + " has " + inventory.devices().getFirst().name());
      }

      @Override
      public void problems(List<String> problems) {
        told.add(name + ": " + problems);
      }

      @Override
      public void gone() {
        told.add(name + " gone");
      }
    };
  }

  @BeforeEach
  void start() throws IOException, InterruptedException {
    write("a.json", "rxe0");
    observer = RecordingObserver.ofFolder(folder, this::listener, Clock.systemUTC());
    thread = Thread.ofPlatform().start(observer);
    assertTold("a.json listened to", "a.json has rxe0");
  }

  @AfterEach
  void stop() throws InterruptedException {
    observer.stop();
    assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
  }

  /** By a name that comes again with what it had: who had kept that would tell of no change. */
  @Test
  void aFileThatIsGoneIsToldOnceAndForgotten() throws IOException, InterruptedException {
    Files.delete(folder.resolve("a.json"));
    assertTold("a.json gone");

    write("a.json", "rxe0");
    assertTold("a.json listened to", "a.json has rxe0");
  }

  /** Their names would stay for as long as the folder is watched. */
  @Test
  void nobodyListensToAFileThatCameAndWentUnread() throws IOException, InterruptedException {
    for (int i = 0; i < 3; i++) {
      write("b.json", "rxe1");
      Files.delete(folder.resolve("b.json"));
    }
    write("c.json", "rxe2");

    // Whether b is seen while it is there depends; whoever listened to it is told that it is gone.
    int listened = 0;
    int gone = 0;
    String next = next();
    while (!next.equals("c.json listened to")) {
      listened += next.equals("b.json listened to") ? 1 : 0;
      gone += next.equals("b.json gone") ? 1 : 0;
      next = next();
    }
    assertThat(gone).isEqualTo(listened);
    assertTold("c.json has rxe2");
  }

  /** It is in the folder: nothing is gone. */
  @Test
  void aLinkToNowhereIsAProblem() throws IOException, InterruptedException {
    Path _ = Files.createSymbolicLink(folder.resolve("b.json"), Path.of("nowhere"));

    assertTold("b.json listened to", "b.json: [no such file]");
  }

  private void assertTold(String... expected) throws InterruptedException {
    for (String one : expected) {
      assertThat(next()).isEqualTo(one);
    }
  }

  private String next() throws InterruptedException {
    String next = told.poll(20, TimeUnit.SECONDS);
    assertThat(next).as("something told").isNotNull();
    return next;
  }

  private void write(String name, String device) throws IOException {
    Path young =
        Files.writeString(
            folder.resolve("young"),
            "{\"version\": 1, \"devices\": [{\"name\": \"" + device + "\"}]}");
    Path _ = Files.move(young, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }
}
