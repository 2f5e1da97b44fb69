package io.rdmagid.deviceplugin.folder;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.folder.FolderWatch.Happening;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderWatchTest {
  private static final long GUARD_SECONDS = 20;

  @TempDir private Path root;
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private Path one;
  private Path other;
  private FolderWatch watch;

  @BeforeEach
  void start() throws IOException {
    one = Files.createDirectory(root.resolve("one"));
    other = root.resolve("other");
    watch =
        FolderWatch.start(
            "watch", List.of(one, other), (happening, file) -> told.add(happening + " " + file));
  }

  @AfterEach
  void end() throws IOException {
    watch.close();
  }

  /** Others of the same kind may come before: a write is one or two changes. */
  private void await(Happening happening, String file) throws InterruptedException {
    String wanted = happening + " " + file;
    String next = "";
    while (next != null && !next.equals(wanted)) {
      next = told.poll(GUARD_SECONDS, TimeUnit.SECONDS);
    }
    assertThat(next).isEqualTo(wanted);
  }

  @Test
  void tellsWhatHappensToFiles() throws IOException, InterruptedException {
    assertThat(watch.watch()).containsExactly(one);
    Files.createFile(one.resolve("a"));
    await(Happening.MADE, "a");
    Files.writeString(one.resolve("a"), "text");
    await(Happening.CHANGED, "a");
    Files.move(one.resolve("a"), one.resolve("b"), StandardCopyOption.ATOMIC_MOVE);
    await(Happening.REMOVED, "a");
    await(Happening.MADE, "b");
    Files.delete(one.resolve("b"));
    await(Happening.REMOVED, "b");
  }

  @Test
  void aFolderMayComeLaterAndGoAndComeAgain() throws IOException, InterruptedException {
    assertThat(watch.watch()).containsExactly(one);
    assertThat(watch.watchesAll()).isFalse();
    Files.createDirectory(other);
    assertThat(watch.watch()).containsExactly(other);
    assertThat(watch.watchesAll()).isTrue();
    assertThat(watch.watch()).isEmpty();
    Files.delete(other);
    await(Happening.FOLDER_GONE, "");
    assertThat(watch.watchesAll()).isFalse();
    Files.createDirectory(other);
    assertThat(watch.watch()).containsExactly(other);
    Files.createFile(other.resolve("c"));
    await(Happening.MADE, "c");
  }
}
