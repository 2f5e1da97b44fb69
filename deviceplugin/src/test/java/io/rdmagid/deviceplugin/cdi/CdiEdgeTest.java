package io.rdmagid.deviceplugin.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.DeviceAttributes;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.pace.LaterByHand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Our spec, kept by the events of the kernel that it runs on: what waits for a pause never comes.
 * So one thread at a time asks for it, under the monitor of the specs, and none lets time pass.
 */
class CdiEdgeTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Inventory ONE_DEVICE =
      new Inventory(
          List.of(
              new Device(
                  "rxe0", "uverbs0", new DeviceAttributes("", "", "", "", "", "", -1), List.of())));

  private final AtomicLong ticks = new AtomicLong();
  @TempDir private Path root;
  private Path nodes;
  private Path file;
  private CdiEdge edge;

  @BeforeEach
  void start() throws IOException {
    nodes = Files.createDirectories(root.resolve("dev/infiniband"));
    file = root.resolve("run/cdi/rdmagid.io-rdma.json");
    edge =
        CdiEdge.start(
            new CdiEdge.Paths(
                file.getParent(), root.resolve("etc/cdi"), nodes, root.resolve("sys")),
            new LaterByHand(),
            () -> ticks.addAndGet(CdiSpecs.BETWEEN.toNanos()),
            _ -> {});
  }

  @AfterEach
  void end() throws IOException {
    edge.close();
  }

  private void awaitWritten(String content) {
    await().atMost(LIMIT).untilAsserted(() -> assertThat(file).exists().hasContent(content));
  }

  @Test
  void aSpecThatIsRemovedOrChangedComesBackByItself() throws IOException {
    edge.update(ONE_DEVICE);
    String content = Files.readString(file);

    Files.delete(file);
    awaitWritten(content);
    Files.writeString(file, "{}");
    awaitWritten(content);
    Files.move(file, root.resolve("elsewhere"));
    awaitWritten(content);
    assertThat(edge.objection()).isEmpty();
  }

  @Test
  void aFolderThatIsRemovedWithTheSpecComesBackAndIsWatched() throws IOException {
    edge.update(ONE_DEVICE);
    String content = Files.readString(file);

    Path folder = file.getParent();
    await()
        .atMost(LIMIT)
        .until(() -> {
          Files.deleteIfExists(file);
          return folder.toFile().delete(); // unless the spec was back already
        });

    awaitWritten(content);
    await().atMost(LIMIT).untilAsserted(() -> assertThat(edge.objection()).isEmpty());
    Files.delete(file);
    awaitWritten(content);
  }

  @Test
  void aNodeThatComesForDevicesThatAreThereIsInTheNextSpec() throws IOException {
    edge.update(ONE_DEVICE);
    assertThat(file).content().doesNotContain("rdma_cm");

    Files.createFile(nodes.resolve("rdma_cm"));
    edge.look();

    assertThat(file).content().contains(nodes + "/rdma_cm", nodes + "/uverbs0");
  }

  @Test
  void theSpecOfAFormerAgentStaysUntilTheDevicesAreKnown() throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "{}");

    edge.look();
    assertThat(file).hasContent("{}");
    assertThat(edge.objection()).contains("the CDI spec is not written yet");

    edge.update(Inventory.EMPTY);
    assertThat(file).doesNotExist();
    assertThat(edge.objection()).isEmpty();
  }
}
