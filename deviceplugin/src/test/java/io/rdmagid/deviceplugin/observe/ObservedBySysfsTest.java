package io.rdmagid.deviceplugin.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rdmagid.deviceplugin.PodNamespace;
import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.ReadBy;
import io.rdmagid.deviceplugin.verbs.SysfsTree;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code --read-by=sysfs}: with files of the test for devices, and the netlink of the kernel that
 * it runs on.
 */
class ObservedBySysfsTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final BlockingQueue<Inventory> heard = new LinkedBlockingQueue<>();
  @TempDir Path sysfs;
  private KernelObserver observer;
  private Thread thread;

  /** There are no device nodes, nor a folder for them. */
  private void start() {
    observer =
        new KernelObserver(
            new KernelObserver.Settings(
                sysfs, sysfs.resolve("none/none"), Duration.ofHours(1), DeviceAccess.SYSFS),
            (inventory, _, _) -> heard.add(inventory),
            new ObserveMetrics(metrics),
            Clock.systemUTC());
    thread = Thread.ofPlatform().start(observer);
  }

  @AfterEach
  void stop() throws InterruptedException {
    observer.stop();
    assertThat(thread.join(LIMIT)).isTrue();
  }

  private SysfsTree plug(String netdev) throws IOException {
    SysfsTree tree = new SysfsTree(sysfs, "rxe0");
    tree.port(1, 4);
    tree.slot(1, 1, "0000:0000:0000:0000:0000:ffff:0a63:0101", "RoCE v2", netdev);
    tree.plug("uverbs0");
    return tree;
  }

  /** Hears on until the port of the only device has these entries. */
  private Device assertHeard(String... addresses) {
    return await()
        .atMost(LIMIT)
        .until(
            () -> heard.poll(LIMIT.toMillis(), TimeUnit.MILLISECONDS),
            inventory ->
                inventory != null
                    && !inventory.devices().isEmpty()
                    && addresses(inventory).equals(List.of(addresses)))
        .devices()
        .getFirst();
  }

  private static List<String> addresses(Inventory inventory) {
    return inventory.devices().stream()
        .flatMap(device -> device.ports().stream())
        .flatMap(port -> port.gids().stream())
        .map(entry -> entry.gid().address())
        .toList();
  }

  @Test
  void aDeviceIsReadWithoutItsNode() throws IOException {
    plug("");
    start();

    assertThat(assertHeard("10.99.1.1").readBy()).isEqualTo(ReadBy.SYSFS);
    assertThat(metrics.get("rdmagid.table.reads").tag("method", "sysfs").counter().count())
        .isPositive();
  }

  @Test
  void netlinkTellsOfChanges() throws IOException {
    try (PodNamespace pod = new PodNamespace()) {
      // The link that changes is no entry's yet.
      SysfsTree tree = plug("");
      start();
      assertHeard("10.99.1.1");

      tree.slot(1, 2, "0000:0000:0000:0000:0000:ffff:0a63:0102", "RoCE v2", pod.peer());
      PodNamespace.ip("addr add 10.99.1.2/32 dev " + pod.peer());

      assertHeard("10.99.1.1", "10.99.1.2");
    }
  }

  /** What has the name of a netdev here, and not its address, stands in another namespace. */
  @Test
  void anEntryOfAnotherNamespaceIsAPods() throws IOException {
    plug("lo");
    start();

    Device device = assertHeard();
    assertThat(device.ports().getFirst().podGidCount()).isEqualTo(1);
  }
}
