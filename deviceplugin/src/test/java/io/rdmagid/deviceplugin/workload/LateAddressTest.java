package io.rdmagid.deviceplugin.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.NamespaceLook;
import io.rdmagid.gid.GidScope;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Containers whose addresses are not there, or not usable, when they are made. */
class LateAddressTest extends OnWorkload {
  @Test
  void aContainerWaitsForTheEntryOfItsAddress()
      throws InterruptedException, ExecutionException, TimeoutException {
    start();
    CompletableFuture<Adjustment> answer = create(LONG);
    workload.read(tables());
    assertThat(answer).isNotDone();
    workload.read(tables(POD));
    assertThat(get(answer))
        .isInstanceOfSatisfying(
            Adjustment.Add.class,
            add -> assertThat(add.variables()).containsEntry("RDMAGID_RAIL_0_GID_INDEX", "2"));
  }

  @Test
  void aContainerWhoseEntryDoesNotComeIsRefusedWithTheReason()
      throws InterruptedException, ExecutionException, TimeoutException {
    start();
    assertThat(get(create(Duration.ofMillis(1))))
        .isInstanceOfSatisfying(
            Adjustment.Refuse.class,
            refusal ->
                assertThat(refusal.reason())
                    .startsWith("pool rail, rxe0/1: no RoCEv2 IPv4")
                    .endsWith("; 10.20.0.5 of net1 did not come into the port's table in time"))
        .extracting("why")
        .isEqualTo(Obstacle.LATE);
    assertThat(world.refused).containsExactly(Obstacle.LATE);
    // What comes later reaches nobody: the container was not made.
    workload.read(tables(POD));
    awaitAllDone();
    assertThat(world.index(RAIL)).isEmpty();
  }

  @Test
  void aContainerWaitsUntilItsAddressIsNobodyElses()
      throws InterruptedException, ExecutionException, TimeoutException {
    start();
    world.seePodWithTentative("10.20.0.5");
    workload.read(tables(POD));
    CompletableFuture<Adjustment> answer = create(LONG);
    awaitListeners(1);
    world.podChanged();
    awaitAllDone();
    assertThat(answer).isNotDone();

    world.seePod("10.20.0.5");
    world.podChanged();
    assertThat(get(answer))
        .isInstanceOfSatisfying(
            Adjustment.Add.class,
            add -> assertThat(add.variables()).containsEntry("RDMAGID_RAIL_0_GID_INDEX", "2"));
    assertThat(world.listeners).as("the namespace is let go").isEmpty();
  }

  /** The reading is of a moment ago: another pod had the address and the number then. */
  @Test
  void aSlotThatHasAnotherEntryByNowIsNoChoice()
      throws InterruptedException, ExecutionException, TimeoutException {
    start();
    world.moved.add(2);
    workload.read(tables(POD));
    CompletableFuture<Adjustment> answer = create(LONG);
    awaitListeners(1);
    awaitAllDone();
    assertThat(answer).isNotDone();

    workload.read(tables(World.entry(4, "::ffff:10.20.0.5", 2, "")));
    assertThat(get(answer))
        .isInstanceOfSatisfying(
            Adjustment.Add.class,
            add -> assertThat(add.variables()).containsEntry("RDMAGID_RAIL_0_GID_INDEX", "4"));
  }

  @Test
  void theRefusalNamesTheAddressThatMayBeSomebodyElses()
      throws InterruptedException, ExecutionException, TimeoutException {
    start();
    world.seePodWithTentative("10.20.0.5");
    workload.read(tables(POD));
    assertThat(get(create(Duration.ofMillis(1))))
        .isInstanceOfSatisfying(
            Adjustment.Refuse.class,
            refusal ->
                assertThat(refusal.reason())
                    .endsWith(
                        "; of 10.20.0.5 of net1 the kernel did not know in time that nobody else"
                            + " has it"));
    assertThat(world.listeners).isEmpty();
  }

  @Test
  void aContainerThatMayGoWithoutGetsItsIndexWhenTheAddressIsThere()
      throws InterruptedException, ExecutionException, TimeoutException {
    start();
    workload.configure(List.of(World.optional("rail", GidScope.POD)), Map.of());
    world.seePodWithTentative("10.20.0.5");
    workload.read(tables(POD));
    assertThat(get(create(Duration.ofMillis(1))))
        .isInstanceOfSatisfying(
            Adjustment.Add.class,
            add -> assertThat(add.variables()).doesNotContainKey("RDMAGID_RAIL_0_GID_INDEX"));
    assertThat(world.index(RAIL)).isEmpty();
    assertThat(world.listeners).hasSize(1);

    world.seePod("10.20.0.5");
    world.podChanged();
    awaitListeners(0);
    awaitAllDone();
    assertThat(world.index(RAIL)).contains("2");
  }

  /** Not even where it needs one: it runs already. */
  @Test
  void aContainerMadeWithoutUsGetsItsIndexWhenTheAddressIsThere() {
    start();
    world.seePodWithTentative("10.20.0.5");
    workload.read(tables(POD));
    workload.synchronize(List.of(sandbox()), List.of(container()));
    awaitListeners(1);
    assertThat(world.index(RAIL)).isEmpty();

    world.seePod("10.20.0.5");
    world.podChanged();
    awaitListeners(0);
    awaitAllDone();
    assertThat(world.index(RAIL)).contains("2");
  }

  /** IPv6 addresses come back tentative, and of the end of that no table tells. */
  @Test
  void anAddressThatComesBackTentativeIsFollowedToo() throws InterruptedException {
    start();
    workload.read(tables(POD));
    assertThat(workload.createContainer(sandbox(), container(), LONG))
        .isInstanceOf(Adjustment.Add.class);
    workload.read(tables());
    world.seePodWithTentative("10.20.0.5");
    workload.read(tables(POD));
    awaitListeners(1);
    assertThat(world.index(RAIL)).isEmpty();

    world.seePod("10.20.0.5");
    world.podChanged();
    awaitListeners(0);
    awaitAllDone();
    assertThat(world.index(RAIL)).contains("2");

    workload.read(tables());
    world.seePodWithTentative("10.20.0.5");
    workload.read(tables(POD));
    awaitListeners(1);
    workload.sandboxStopped("s1");
    awaitListeners(0);
  }

  @Test
  void aDiskThatRefusesALateIndexIsTriedAgain()
      throws InterruptedException, ExecutionException, TimeoutException {
    start();
    workload.configure(List.of(World.optional("rail", GidScope.POD)), Map.of());
    world.seePodWithTentative("10.20.0.5");
    workload.read(tables(POD));
    assertThat(get(create(Duration.ofMillis(1)))).isInstanceOf(Adjustment.Add.class);
    world.full.add(RAIL.hash());
    world.seePod("10.20.0.5");
    world.podChanged();
    awaitFiles(false);

    world.full.clear();
    awaitFiles(true);
    assertThat(world.index(RAIL)).contains("2");
  }

  /** A socket would keep the namespace of a pod whose end nobody tells of. */
  @Test
  void anAddressIsWaitedForHalfAMinuteAndNoMore()
      throws InterruptedException, ExecutionException, TimeoutException {
    start();
    workload.configure(List.of(World.optional("rail", GidScope.POD)), Map.of());
    world.seePodWithTentative("10.20.0.5");
    workload.read(tables(POD));
    assertThat(get(create(Duration.ofMillis(1)))).isInstanceOf(Adjustment.Add.class);
    now.addAndGet(Duration.ofSeconds(29).toNanos());
    workload.read(tables(POD));
    awaitAllDone();
    assertThat(world.listeners).hasSize(1);

    now.addAndGet(Duration.ofSeconds(1).toNanos());
    workload.read(tables(POD));
    workload.read(tables(POD));
    awaitAllDone();
    assertThat(world.listeners).isEmpty();

    world.seePod("10.20.0.5");
    workload.read(tables());
    workload.read(tables(POD));
    awaitAllDone();
    assertThat(world.index(RAIL)).as("a table tells of it, too").contains("2");
  }

  private void awaitFiles(boolean there) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(GUARD_SECONDS))
        .untilAsserted(() -> {
          awaitAllDone();
          assertThat(world.folders.get(RAIL.hash()).isEmpty()).isNotEqualTo(there);
        });
  }

  @Test
  void aContainerThatMayGoWithoutDoesNotWaitForWhatIsNotOnItsWay()
      throws InterruptedException, ExecutionException, TimeoutException {
    start();
    workload.configure(List.of(World.optional("rail", GidScope.POD)), Map.of());
    world.see(
        Optional.of(World.POD_NAMESPACE), false, Map.of(2, World.link(2, "net1", World.RAIL)));
    assertThat(get(create(LONG))).isInstanceOf(Adjustment.Add.class);
    assertThat(world.listeners).isEmpty();
  }

  /** The runtime holds a lock of the whole node, and the kubelet tries again for ever. */
  @Test
  void aContainerDoesNotWaitForWhatIsNotOnItsWay()
      throws InterruptedException, ExecutionException, TimeoutException {
    start();
    world.see(
        Optional.of(World.POD_NAMESPACE), false, Map.of(2, World.link(2, "net1", World.RAIL)));
    assertRefused(Obstacle.NO_ENTRY);

    world.seePod("10.20.0.5");
    workload.read(Inventory.EMPTY);
    assertRefused(Obstacle.NO_PORT);

    workload.read(tables(POD));
    world.namespaces.remove(Optional.of(World.POD_NAMESPACE));
    assertRefused(Obstacle.NO_NAMESPACE);
    assertThat(world.listeners).isEmpty();
  }

  private void assertRefused(Obstacle why)
      throws InterruptedException, ExecutionException, TimeoutException {
    assertThat(get(create(LONG)))
        .isInstanceOfSatisfying(
            Adjustment.Refuse.class, refusal -> assertThat(refusal.why()).isEqualTo(why));
  }

  /** The port's netdev goes into the pod's namespace: the table's events come after the links'. */
  @Test
  void aContainerWaitsForTheTableToFollowItsNetdev()
      throws InterruptedException, ExecutionException, TimeoutException {
    start();
    world.moveRailIntoPod("10.20.0.5");
    CompletableFuture<Adjustment> answer = create(LONG);
    awaitListeners(1);
    awaitAllDone();
    assertThat(answer).isNotDone();

    workload.read(World.inventory(List.of(), List.of(World.entry(0, "fe80::1", 2, ""), POD)));
    assertThat(get(answer)).isInstanceOf(Adjustment.Add.class);
  }

  @Test
  void aContainerWaitsWhereTheSystemRefusesALook()
      throws InterruptedException, ExecutionException, TimeoutException {
    start();
    workload.read(tables(POD));
    world.namespaces.put(
        Optional.of(World.POD_NAMESPACE), NamespaceLook.Unseen.refused("too many open files"));
    CompletableFuture<Adjustment> answer = create(LONG);
    awaitListeners(1);
    awaitAllDone();
    assertThat(answer).isNotDone();

    world.seePod("10.20.0.5");
    workload.read(tables(POD));
    assertThat(get(answer)).isInstanceOf(Adjustment.Add.class);

    world.namespaces.put(
        Optional.of(World.POD_NAMESPACE), NamespaceLook.Unseen.refused("too many open files"));
    assertThat(get(create(Duration.ofMillis(1))))
        .isInstanceOfSatisfying(
            Adjustment.Refuse.class,
            refusal -> assertThat(refusal.why()).isEqualTo(Obstacle.NAMESPACE_REFUSED));
  }

  /** No table and no namespace tells that the system looks again. */
  @Test
  void aContainerThatRunsHasItsIndexAgainWhenTheSystemLooksAgain() throws InterruptedException {
    start();
    workload.read(tables(POD));
    assertThat(workload.createContainer(sandbox(), container(), LONG))
        .isInstanceOf(Adjustment.Add.class);
    world.namespaces.put(
        Optional.of(World.POD_NAMESPACE), NamespaceLook.Unseen.refused("too many open files"));
    workload.read(tables(World.entry(4, "::ffff:10.20.0.5", 2, "")));
    awaitIndex(Optional.empty());

    world.seePod("10.20.0.5");
    awaitIndex(Optional.of("4"));
  }

  private void awaitIndex(Optional<String> index) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(GUARD_SECONDS))
        .untilAsserted(() -> {
          awaitAllDone();
          assertThat(world.index(RAIL)).isEqualTo(index);
        });
  }

  /** The runtime does not wait for longer, whatever else the thread has to do. */
  @Test
  void whatIsDoneBeforeACreationIsOfItsTime()
      throws InterruptedException, ExecutionException, TimeoutException {
    start();
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    Future<?> _ =
        workload.afterwards(
            Duration.ZERO,
            () -> {
              busy.countDown();
              try {
                over.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    busy.await();
    CountDownLatch asked = new CountDownLatch(1);
    ticked = asked::countDown;
    CompletableFuture<Adjustment> answer = create(LONG);
    asked.await();
    now.addAndGet(LONG.toNanos());
    over.countDown();
    assertThat(get(answer))
        .isInstanceOfSatisfying(
            Adjustment.Refuse.class, refusal -> assertThat(refusal.why()).isEqualTo(Obstacle.LATE));
  }

  @Test
  void theNamespaceOfASandboxThatEndsIsLetGo()
      throws InterruptedException, ExecutionException, TimeoutException {
    start();
    CompletableFuture<Adjustment> answer = create(LONG);
    awaitListeners(1);
    workload.sandboxStopped("s1");
    assertThat(get(answer))
        .isEqualTo(new Adjustment.Refuse(Obstacle.SANDBOX_ENDED, "its sandbox has ended"));
    assertThat(world.listeners).isEmpty();
  }
}
