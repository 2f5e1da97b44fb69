package io.rdmagid.deviceplugin.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rdmagid.deviceplugin.workload.Allocator.Outcome;
import io.rdmagid.deviceplugin.workload.ContainerStarts;
import io.rdmagid.deviceplugin.workload.NodeNotice;
import io.rdmagid.proto.deviceplugin.Device;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An edge that nobody has started yet, for a kubelet in folders of the test's own. */
abstract class OnKubeletEdge {
  static final Duration LIMIT = Duration.ofSeconds(20);
  static final String RAIL_SOCKET = "rdmagid-rail-4711.sock";

  private final KubeletRegistration registration;
  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  final BlockingQueue<NodeNotice> notices = new LinkedBlockingQueue<>();
  volatile LongSupplier time = System::nanoTime;
  Path devicePlugins;
  Path pluginsRegistry;
  KubeletEdge edge;

  OnKubeletEdge(KubeletRegistration registration) {
    this.registration = registration;
  }

  @BeforeEach
  void name(@TempDir Path temporary) {
    devicePlugins = temporary.resolve("device-plugins");
    pluginsRegistry = temporary.resolve("plugins_registry");
  }

  void startEdge() throws IOException {
    edge =
        KubeletEdge.start(
            new KubeletEdge.Settings(registration, devicePlugins, pluginsRegistry, "4711"),
            (pool, ids) -> new Outcome.Refused(pool + " is full"),
            (resource, _) -> new ContainerStarts.Outcome.Refused(resource + " starts nothing"),
            notices::add,
            registry,
            () -> time.getAsLong());
  }

  void skip(Duration duration) {
    LongSupplier before = time;
    time = () -> before.getAsLong() + duration.toNanos();
  }

  static List<String> ids(List<Device> devices) {
    return devices.stream().map(Device::getID).toList();
  }

  void awaitRegistered(String... pools) {
    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(edge.states())
                .filteredOn(PoolState::registered)
                .extracting(PoolState::pool)
                .containsExactlyInAnyOrder(pools));
  }

  /** The names of what is in a folder. */
  static List<String> files(Path folder) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      files.forEach(file -> names.add(file.getFileName().toString()));
    }
    return names;
  }
}
