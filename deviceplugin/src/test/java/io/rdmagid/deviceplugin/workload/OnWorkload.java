package io.rdmagid.deviceplugin.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidScope;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;

/** A workload of a {@link World}, with a pod that has its allocation. */
abstract class OnWorkload {
  static final AllocationId RAIL = new AllocationId("rail", List.of("rxe0:1::0"));
  static final GidEntry POD = World.entry(2, "::ffff:10.20.0.5", 2, "");
  static final long GUARD_SECONDS = 20;
  static final Duration LONG = Duration.ofMinutes(10);

  final World world = new World();
  final LinkedBlockingQueue<List<PoolOffer>> offers = new LinkedBlockingQueue<>();
  final AtomicLong now = new AtomicLong();

  /** Runs whenever somebody has asked for the time. */
  volatile Runnable ticked = () -> {};

  final Workload workload = new Workload("node-a", World.BOOT, world.edges(), this::tick);

  private long tick() {
    long time = now.get();
    ticked.run();
    return time;
  }

  @AfterEach
  void end() {
    workload.close();
  }

  /** A pod of a pool with scope Pod has its allocation, and its address is not in the table. */
  void start() {
    world.seePod("10.20.0.5");
    workload.offerTo(offers::add);
    workload.read(tables());
    workload.configure(List.of(World.pool("rail", GidScope.POD)), Map.of());
    workload.synchronize(List.of(), List.of());
    assertThat(workload.allocate("rail", RAIL.ids())).isInstanceOf(Allocator.Outcome.Granted.class);
  }

  void awaitListeners(int number) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(GUARD_SECONDS))
        .untilAsserted(() -> assertThat(world.listeners).hasSize(number));
  }

  /** A question is answered after all that came before it. */
  void awaitAllDone() {
    awaitAllDone(workload);
  }

  static void awaitAllDone(Workload workload) {
    assertThat(workload.allocate("rail", List.of("none")))
        .isInstanceOf(Allocator.Outcome.Refused.class);
  }

  CompletableFuture<Adjustment> create(Duration limit) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return workload.createContainer(sandbox(), container(), limit);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    });
  }

  static Sandbox sandbox() {
    return World.sandbox("s1");
  }

  static ContainerSpec container() {
    return World.container("c1", "s1", RAIL);
  }

  static Inventory tables(GidEntry... pods) {
    return World.inventory(List.of(World.DEFAULT, World.HOST), List.of(pods));
  }

  List<PoolOffer> nextOffer() throws InterruptedException {
    List<PoolOffer> offer = offers.poll(GUARD_SECONDS, TimeUnit.SECONDS);
    assertThat(offer).as("an offer").isNotNull();
    return offer;
  }

  static List<String> ids(List<PoolOffer> offers) {
    return offers.stream()
        .flatMap(offer -> offer.devices().stream())
        .map(PoolOffer.OfferedDevice::id)
        .toList();
  }

  static Adjustment get(CompletableFuture<Adjustment> answer)
      throws InterruptedException, ExecutionException, TimeoutException {
    return answer.get(GUARD_SECONDS, TimeUnit.SECONDS);
  }
}
