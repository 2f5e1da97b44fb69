package io.rdmagid.deviceplugin.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rdmagid.api.naming.RdmaGidName;
import io.rdmagid.deviceplugin.cluster.FakeClusterApi.Refusal;
import io.rdmagid.deviceplugin.pace.Jitter;
import io.rdmagid.deviceplugin.workload.HeldPort;
import io.rdmagid.deviceplugin.workload.PortOffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PublishLoopTest {
  private static final String FIRST = RdmaGidName.of("node-a", "rxe0", 1);
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final FakeClusterApi api = new FakeClusterApi();
  private final PublishMetrics metrics = new PublishMetrics(new SimpleMeterRegistry());
  private final MutableClock stoppedClock = new MutableClock();
  private PublishLoop loop = loop(Duration.ofHours(1));
  private Thread thread = thread();

  /** The wall clock stands still: nothing may wait for it. */
  private PublishLoop loop(Duration resync) {
    return loop(resync, System::nanoTime);
  }

  private PublishLoop loop(Duration resync, LongSupplier nanoTime) {
    return new PublishLoop(
        new ClusterPublisher(
            api, "node-a", metrics, new WritePace(Duration.ofMillis(1)), stoppedClock, nanoTime),
        metrics,
        resync,
        stoppedClock,
        nanoTime,
        Jitter.random());
  }

  private Thread thread() {
    return Thread.ofPlatform().name("publish").unstarted(loop);
  }

  @AfterEach
  void end() throws InterruptedException {
    thread.interrupt();
    if (!thread.join(LIMIT)) {
      throw new AssertionError("the loop did not end");
    }
  }

  @Test
  void onlyTheNewestIsPublished() {
    loop.changed(Inventories.two("10.0.0.1"), Instant.EPOCH);
    loop.changed(Inventories.two("10.0.0.2"), Instant.EPOCH.plusSeconds(1));
    thread.start();
    await().atMost(LIMIT).until(loop::hasPublished);

    assertThat(api.takeWrites()).hasSize(5);
    assertThat(api.object(FIRST).getStatus().preferred().address()).isEqualTo("10.0.0.2");
    // The oldest of the changes in it tells how long the server had to wait.
    assertThat(api.object(FIRST).getStatus().lastChangeTime()).isEqualTo(Instant.EPOCH.toString());
  }

  @Test
  void aFailureIsTriedAgainWithTheNewest() {
    api.refuse("status " + FIRST, Refusal.BEFORE_EFFECT);
    loop.changed(Inventories.two("10.0.0.1"), Instant.EPOCH);
    thread.start();
    List<String> writes = new ArrayList<>();
    await()
        .atMost(LIMIT)
        .until(() -> {
          writes.addAll(api.takeWrites());
          return writes.contains("status " + FIRST);
        });
    loop.changed(Inventories.two("10.0.0.2"), Instant.EPOCH.plusSeconds(1));
    await().atMost(LIMIT).until(loop::hasPublished);

    assertThat(api.takeWrites()).contains("status " + FIRST).doesNotContain("spec " + FIRST);
    assertThat(api.object(FIRST).getStatus().preferred().address()).isEqualTo("10.0.0.2");
    assertThat(api.object(FIRST).getStatus().lastChangeTime()).isEqualTo(Instant.EPOCH.toString());
  }

  /** A server in trouble is not asked for all objects at each try. */
  @Test
  void afterAFailureOnlyWhatMayDifferIsAskedFor() {
    loop.changed(Inventories.two("10.0.0.1"), Instant.EPOCH);
    thread.start();
    await().atMost(LIMIT).until(loop::hasPublished);
    assertThat(api.takeAsked()).isEmpty();
    api.refuse("status " + FIRST, Refusal.BEFORE_EFFECT);
    loop.changed(Inventories.two("10.0.0.2"), Instant.EPOCH.plusSeconds(1));
    await()
        .atMost(LIMIT)
        .until(() -> api.object(FIRST).getStatus().preferred().address().equals("10.0.0.2"));

    assertThat(api.takeAsked()).containsExactly(FIRST);
  }

  @Test
  void theServerIsReadAgainAfterAWhile() {
    loop = loop(Duration.ofMillis(10));
    thread = thread();
    loop.changed(Inventories.two("10.0.0.1"), Instant.EPOCH);
    thread.start();

    await().atMost(LIMIT).until(() -> api.reads() >= 6);

    assertThat(api.takeWrites()).hasSize(5);
  }

  @Test
  void strangersAreLookedForNowAndThenOnly() {
    loop = loop(Duration.ofMillis(10));
    thread = thread();
    loop.changed(Inventories.two("10.0.0.1"), Instant.EPOCH);
    thread.start();

    await().atMost(LIMIT).until(() -> api.lists() >= 2);

    int lists = api.lists();
    long resyncs = api.takeAsked().stream().filter(FIRST::equals).count();
    assertThat(resyncs).isGreaterThanOrEqualTo((lists - 1) * (PublishLoop.RESYNCS_UNTIL_LIST - 1L));
  }

  @Test
  void aStormEndsWithTheNewestAndFewWrites() {
    loop.changed(Inventories.two("10.0.0.1"), Instant.EPOCH);
    thread.start();
    await().atMost(LIMIT).until(loop::hasPublished);
    api.takeWrites();

    long start = System.nanoTime();
    for (int i = 0; i < 50; i++) {
      loop.changed(Inventories.two("10.0.7." + i), Instant.EPOCH);
      await()
          .atMost(LIMIT)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(1))
          .until(() -> thread.getState() == Thread.State.TIMED_WAITING);
    }
    loop.changed(Inventories.two("10.0.0.9"), Instant.EPOCH);

    await()
        .atMost(LIMIT)
        .until(() -> api.object(FIRST).getStatus().preferred().address().equals("10.0.0.9"));
    long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds() + 1;
    assertThat(api.takeWrites().stream().filter(("status " + FIRST)::equals).count())
        .isLessThanOrEqualTo(WritePace.PORT_BURST + seconds);
  }

  @Test
  void whatPoolsMakeOfAPortIsPublishedWhenItChanges() {
    loop.changed(Inventories.two("10.0.0.1"), Instant.EPOCH);
    thread.start();
    await().atMost(LIMIT).until(loop::hasPublished);
    api.takeWrites();

    loop.offered(
        Map.of(
            new HeldPort("rxe0", 1),
            new PortOffer(List.of("rails"), PortOffer.Standing.HEALTHY, "pool rails offers it")));

    await()
        .atMost(LIMIT)
        .until(() -> api.object(FIRST).getStatus().pools().equals(List.of("rails")));
    assertThat(api.takeWrites()).startsWith("status " + FIRST).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void aRefusedObjectIsTriedAgainAndHoldsUpNothing() {
    api.refuseForGood("status " + FIRST, 422);
    loop.changed(Inventories.two("10.0.0.1"), Instant.EPOCH);
    thread.start();
    await().atMost(LIMIT).until(() -> api.node().orElseThrow().labels().size() == 2);
    assertThat(loop.hasPublished()).isFalse();

    api.allow("status " + FIRST);

    await().atMost(LIMIT).until(loop::hasPublished);
    assertThat(api.object(FIRST).getStatus().preferred().address()).isEqualTo("10.0.0.1");
    assertThat(api.object(FIRST).getStatus().lastChangeTime()).isEqualTo(Instant.EPOCH.toString());
  }

  @Test
  void whatDoesNotReachTheServerForLongCutsItOff() {
    AtomicLong ahead = new AtomicLong();
    loop = loop(Duration.ofHours(1), () -> System.nanoTime() + ahead.get());
    thread = thread();
    loop.changed(Inventories.two("10.0.0.1"), Instant.EPOCH);
    thread.start();
    await().atMost(LIMIT).until(loop::hasPublished);
    ahead.addAndGet(Standstill.PATIENCE.toNanos());
    // Who has nothing to say is not, however long.
    await().atMost(LIMIT).until(() -> !loop.isCutOff());
    List<String> _ = api.takeWrites();

    api.refuseForGood("status " + FIRST, 401);
    loop.changed(Inventories.two("10.0.0.2"), Instant.EPOCH);
    await().atMost(LIMIT).until(() -> api.takeWrites().contains("status " + FIRST));
    assertThat(loop.isCutOff()).as("at first").isFalse();
    ahead.addAndGet(Standstill.PATIENCE.toNanos());
    assertThat(loop.isCutOff()).as("at last").isTrue();

    api.allow("status " + FIRST);
    await().atMost(LIMIT).until(() -> !loop.isCutOff());
    assertThat(api.object(FIRST).getStatus().preferred().address()).isEqualTo("10.0.0.2");
  }

  /** It says nothing of the others: the node's facts are as new as its agent can tell. */
  @Test
  void whatTheServerRefusesForWhatItIsDoesNotCutItOff() {
    AtomicLong ahead = new AtomicLong();
    loop = loop(Duration.ofHours(1), () -> System.nanoTime() + ahead.get());
    thread = thread();
    api.refuseForGood("status " + FIRST, 403);
    loop.changed(Inventories.two("10.0.0.1"), Instant.EPOCH);
    thread.start();
    await().atMost(LIMIT).until(() -> api.takeWrites().contains("status " + FIRST));

    ahead.addAndGet(Standstill.PATIENCE.toNanos());

    await().atMost(LIMIT).until(() -> !loop.isCutOff());
    assertThat(loop.hasPublished()).isFalse();
  }

  @Test
  void aNodeThatComesLateIsPublished() {
    api.setNode(null);
    loop.changed(Inventories.two("10.0.0.1"), Instant.EPOCH);
    thread.start();
    await().atMost(LIMIT).until(() -> api.reads() == 1);
    assertThat(loop.hasPublished()).isFalse();

    api.setNode(new ClusterApi.NodeState("uid-2", java.util.Map.of(), java.util.Map.of()));
    loop.nodeChanged();

    await().atMost(LIMIT).until(loop::hasPublished);
    assertThat(api.takeWrites()).hasSize(5);
  }

  @Test
  void anInterruptEndsIt() throws InterruptedException {
    thread.start();
    await().atMost(LIMIT).until(() -> thread.getState() == Thread.State.TIMED_WAITING);

    thread.interrupt();

    assertThat(thread.join(LIMIT)).isTrue();
    assertThat(api.takeWrites()).isEmpty();
  }
}
