package io.rdmagid.deviceplugin.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.posix.FileDescriptors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the inotify of the kernel that the test runs on. */
class DeviceNodesTest {
  private static final int LIMIT_MILLIS = 20_000;

  private final FileDescriptors descriptors = new FileDescriptors();
  @TempDir Path dev;
  private Path folder;
  private DeviceNodes nodes;

  @BeforeEach
  void start() {
    folder = dev.resolve("infiniband");
    nodes = new DeviceNodes(descriptors, folder);
  }

  @AfterEach
  void close() {
    nodes.close();
    descriptors.close();
  }

  private void make(String node) throws IOException {
    Files.createFile(folder.resolve(node));
  }

  private void assertTold() {
    assertThat(descriptors.poll(List.of(nodes.descriptor()), LIMIT_MILLIS)).isNotEmpty();
    nodes.drain();
    assertThat(descriptors.poll(List.of(nodes.descriptor()), 0)).isEmpty();
  }

  @Test
  void nodesComeAndGo() throws IOException {
    Files.createDirectory(folder);
    assertTold();
    make("uverbs0");
    assertTold();
    assertThat(nodes.exists("uverbs0")).isTrue();
    Files.delete(folder.resolve("uverbs0"));
    assertTold();
    assertThat(nodes.exists("uverbs0")).isFalse();
  }

  @Test
  void aFolderThatIsMadeAgainIsWatchedAgain() throws IOException {
    Files.createDirectory(folder);
    make("uverbs0");
    assertTold();
    Files.delete(folder.resolve("uverbs0"));
    Files.delete(folder);
    assertTold();
    Files.createDirectory(folder);
    assertTold();

    make("uverbs0");

    assertTold();
    assertThat(nodes.exists("uverbs0")).isTrue();
  }

  @Test
  void aFolderThatIsMadeAgainBeforeAnyoneLooksIsWatchedAgain() throws IOException {
    Files.createDirectory(folder);
    assertTold();
    Files.delete(folder);
    Files.createDirectory(folder);
    assertTold();

    make("uverbs0");

    assertTold();
  }

  @Test
  void aFolderThatIsMovedIntoPlaceIsWatched() throws IOException {
    Files.createDirectory(dev.resolve("staging"));
    assertTold();
    Files.move(dev.resolve("staging"), folder);
    assertTold();

    make("uverbs0");

    assertTold();
  }
}
