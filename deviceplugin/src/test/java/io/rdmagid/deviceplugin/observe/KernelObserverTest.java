package io.rdmagid.deviceplugin.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rdmagid.deviceplugin.PodNamespace;
import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.PortEntry;
import io.rdmagid.deviceplugin.posix.Errno;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With devices of the test, and the inotify, poll and links of the kernel that it runs on. */
class KernelObserverTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private static final Duration RESYNC = Duration.ofHours(1);

  private final FakeVerbs verbs = new FakeVerbs();
  private final BlockingQueue<Inventory> heard = new LinkedBlockingQueue<>();
  private final AtomicInteger looks = new AtomicInteger();
  @TempDir Path dev;
  private KernelObserver observer;
  private Thread thread;
  private volatile CountDownLatch hanging = new CountDownLatch(1);

  private void start(LongSupplier nanoTime) {
    start(nanoTime, DeviceAccess.HELD);
  }

  private void start(LongSupplier nanoTime, DeviceAccess access) {
    observer =
        new KernelObserver(
            new KernelObserver.Settings(Path.of("/sys"), folder(), RESYNC, access),
            listener(),
            new ObserveMetrics(new SimpleMeterRegistry()),
            Clock.systemUTC(),
            nanoTime,
            _ -> verbs);
    thread = Thread.ofPlatform().start(observer);
  }

  private InventoryListener listener() {
    return new InventoryListener() {
      @Override
      public void changed(Inventory inventory, Instant eventAt, Instant readAt) {
        heard.add(inventory);
      }

      @Override
      public void looked() {
        looks.incrementAndGet();
      }
    };
  }

  @AfterEach
  void stop() throws InterruptedException {
    observer.stop();
    assertThat(thread.join(LIMIT)).isTrue();
  }

  private Path folder() {
    return dev.resolve("infiniband");
  }

  private void plug(String name, String uverbs) throws IOException {
    Files.createDirectories(folder());
    verbs.plug(name, uverbs);
    Files.createFile(folder().resolve(uverbs));
  }

  /** Hears on until it is this: a device may be listed a moment before its node is there. */
  private void assertHeard(List<String> read, Set<String> unread) {
    await()
        .atMost(LIMIT)
        .until(
            () -> heard.poll(LIMIT.toMillis(), TimeUnit.MILLISECONDS),
            inventory ->
                inventory != null
                    && inventory.devices().stream().map(Device::name).toList().equals(read)
                    && inventory.unread().equals(unread));
  }

  /** Time stands still, so nothing that happens by time can be what lets it go. */
  @Test
  void aDeviceIsLetGoByTheEventOfItsNodesDisappearance() throws IOException {
    plug("rxe0", "uverbs0");
    start(() -> 7);
    assertHeard(List.of("rxe0"), Set.of());
    assertThat(verbs.opened()).containsExactly("rxe0");

    Files.delete(folder().resolve("uverbs0")); // sysfs lists it for as long as it is open

    await().atMost(LIMIT).until(() -> verbs.opened().isEmpty());
    assertHeard(List.of(), Set.of("rxe0"));
  }

  /** Time stands still, so no look is one that happens by time. */
  @Test
  void aNodeThatIsNoDevicesIsToldOfAsALook() throws IOException {
    plug("rxe0", "uverbs0");
    start(() -> 7);
    assertHeard(List.of("rxe0"), Set.of());
    int before = looks.get();

    Files.createFile(folder().resolve("rdma_cm"));

    await().atMost(LIMIT).until(() -> looks.get() > before);
    assertThat(heard).isEmpty();
  }

  @Test
  void aDeviceThatIsNotHeldIsClosedOnceItIsRead() throws IOException {
    plug("rxe0", "uverbs0");
    start(System::nanoTime, DeviceAccess.OPENED);
    assertHeard(List.of("rxe0"), Set.of());

    await().atMost(LIMIT).until(() -> verbs.opened().isEmpty());
  }

  @Test
  void everythingIsReadAgainAfterAWhile() throws IOException {
    AtomicLong nanoTime = new AtomicLong(3);
    plug("rxe0", "uverbs0");
    start(nanoTime::get);
    assertHeard(List.of("rxe0"), Set.of());

    verbs.table("rxe0", new PortEntry(1, 1, Gid.parse("fe80::1"), GidType.ROCE_V2, 0, ""));
    nanoTime.addAndGet(RESYNC.plus(RESYNC.dividedBy(5)).toNanos());
    Files.createFile(folder().resolve("wakes-it"));

    await()
        .atMost(LIMIT)
        .until(
            () -> heard.poll(LIMIT.toMillis(), TimeUnit.MILLISECONDS),
            inventory ->
                inventory != null
                    && inventory.devices().getFirst().ports().getFirst().gids().size() == 1);
  }

  /** Time stands still once the reading is due, so nothing but the same round can do it. */
  @Test
  void aDeviceThatIsThereAgainIsReadInTheSameRound() throws IOException, InterruptedException {
    readOnceMoreWhile(() -> verbs.refuseOnce("read rxe0", Errno.EIO));

    Inventory next = heard.poll(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    assertThat(next).isNotNull();
    assertThat(next.unread()).isEmpty();
    assertThat(next.devices().getFirst().ports().getFirst().gids()).hasSize(1);
    assertThat(verbs.calls).containsSubsequence("open rxe0", "close rxe0", "open rxe0");
  }

  @Test
  void aDeviceThatIsGoneIsGoneInTheSameRound() throws IOException, InterruptedException {
    readOnceMoreWhile(() -> {
      verbs.refuse("read rxe0", Errno.ENODEV);
      verbs.whileClosing(() -> verbs.unplug("rxe0"));
    });

    Inventory next = heard.poll(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    assertThat(next).isNotNull();
    assertThat(next.unread()).isEmpty();
    assertThat(next.devices()).isEmpty();
  }

  /** A device was read, has another table by now, and is read again because it is time for it. */
  private void readOnceMoreWhile(Runnable refusing) throws IOException {
    AtomicLong nanoTime = new AtomicLong(3);
    plug("rxe0", "uverbs0");
    start(nanoTime::get);
    assertHeard(List.of("rxe0"), Set.of());
    verbs.table("rxe0", new PortEntry(1, 1, Gid.parse("fe80::1"), GidType.ROCE_V2, 0, ""));
    refusing.run();
    nanoTime.addAndGet(RESYNC.plus(RESYNC.dividedBy(5)).toNanos());
    Files.createFile(folder().resolve("wakes-it"));
  }

  @Test
  void aDeviceThatDoesNotOpenIsOpenedLaterWithoutAnyEvent() throws IOException {
    plug("rxe0", "uverbs0");
    verbs.refuse("open rxe0", Errno.EACCES);
    start(System::nanoTime);
    assertHeard(List.of(), Set.of("rxe0"));

    verbs.allow("open rxe0");

    assertHeard(List.of("rxe0"), Set.of());
  }

  @Test
  void nothingIsToldBeforeTheDevicesAreListed() throws IOException, InterruptedException {
    plug("rxe0", "uverbs0");
    verbs.refuse("list", Errno.ENOMEM);
    CountDownLatch listed = new CountDownLatch(2);
    verbs.whileListing(listed::countDown);
    start(System::nanoTime);
    assertThat(listed.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    assertThat(heard).isEmpty();

    verbs.allow("list");

    assertHeard(List.of("rxe0"), Set.of());
  }

  @Test
  void aDeviceThatUdevRenamesIsFoundWithoutAnyEvent() throws IOException {
    plug("mlx5_0", "uverbs0");
    start(System::nanoTime);
    assertHeard(List.of("mlx5_0"), Set.of());

    verbs.whileListing(() -> {
      verbs.whileListing(() -> {});
      verbs.unplug("mlx5_0");
      verbs.plug("rocep1s0", "uverbs0");
    });

    assertHeard(List.of("rocep1s0"), Set.of());
  }

  @Test
  void devicesComeBackInAFolderThatWasMadeAgain() throws IOException {
    plug("rxe0", "uverbs0");
    start(System::nanoTime);
    assertHeard(List.of("rxe0"), Set.of());

    verbs.unplug("rxe0");
    Files.delete(folder().resolve("uverbs0"));
    Files.delete(folder());
    assertHeard(List.of(), Set.of());
    plug("rxe1", "uverbs0");

    assertHeard(List.of("rxe1"), Set.of());
  }

  @Test
  void aHangShowsInTheFirstRoundAndInLaterOnes() throws IOException, InterruptedException {
    AtomicLong nanoTime = new AtomicLong(-3);
    CountDownLatch release = hang();
    start(nanoTime::get);
    assertHangShows(nanoTime, release);

    release = hang();
    plug("rxe0", "uverbs0");
    assertHangShows(nanoTime, release);
  }

  /**
   * No event of a device tells of it: without netlink only the next reading of everything would.
   */
  @Test
  void aNetdevThatIsRenamedIsSeenWithoutAnEventOfTheDevice() throws IOException {
    try (PodNamespace pod = new PodNamespace()) {
      PodNamespace.ip("addr add 10.99.1.1/32 dev " + pod.peer());
      int ifindex =
          Integer.parseInt(
              Files.readString(Path.of("/sys/class/net", pod.peer(), "ifindex")).strip());
      verbs.entries(
          new PortEntry(1, 0, Gid.parse("::ffff:10.99.1.1"), GidType.ROCE_V2, ifindex, ""));
      plug("rxe0", "uverbs0");
      start(System::nanoTime);
      assertHeardNetdev(pod.peer());

      PodNamespace.ip("link set " + pod.peer() + " name " + pod.peer() + "r");

      assertHeardNetdev(pod.peer() + "r");
    }
  }

  private void assertHeardNetdev(String netdev) {
    await()
        .atMost(LIMIT)
        .until(
            () -> heard.poll(LIMIT.toMillis(), TimeUnit.MILLISECONDS),
            inventory ->
                inventory != null
                    && inventory.devices().stream()
                        .flatMap(device -> device.ports().stream())
                        .anyMatch(port -> port.netdev().equals(netdev)));
  }

  /** Makes the next listing of the devices wait. */
  private CountDownLatch hang() {
    CountDownLatch release = new CountDownLatch(1);
    hanging = new CountDownLatch(1);
    verbs.whileListing(() -> {
      hanging.countDown();
      try {
        release.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    });
    return release;
  }

  private void assertHangShows(AtomicLong nanoTime, CountDownLatch release)
      throws InterruptedException {
    try {
      assertThat(hanging.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
      nanoTime.addAndGet(Duration.ofSeconds(61).toNanos());
      assertThat(observer.busy()).isEqualTo(Duration.ofSeconds(61));
    } finally {
      release.countDown();
    }
    await().atMost(LIMIT).until(() -> observer.busy().isZero());
  }
}
