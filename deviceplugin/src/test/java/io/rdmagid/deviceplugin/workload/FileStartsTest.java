package io.rdmagid.deviceplugin.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.workload.ContainerStarts.Outcome;
import io.rdmagid.gid.GidScope;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Containers that can be given files only, since the kubelet tells of them and not the runtime. */
class FileStartsTest extends OnWorkload {
  private Outcome starts(String sandbox) throws InterruptedException {
    return workload.containerStarts(World.sandbox(sandbox), "main", List.of(RAIL), LONG);
  }

  private Claim claim() {
    return world.disk.get(RAIL).claim().orElseThrow();
  }

  @Test
  void filesAreSwappedAndNoVariableIsRecorded() throws InterruptedException {
    start();
    workload.read(tables(POD));

    assertThat(starts("s1")).isEqualTo(new Outcome.Ready());

    assertThat(world.index(RAIL)).contains("2");
    assertThat(claim().made()).isTrue();
    assertThat(claim().containerId()).isEqualTo("s1/main");
    assertThat(claim().frozen()).isEqualTo(Frozen.NONE);
    assertThat(world.reported.getLast().ports())
        .singleElement()
        .satisfies(port -> assertThat(port.variables().injected()).isEmpty());
    assertThat(workload.holders()).containsExactly("s1");
  }

  @Test
  void theFilesFollowTheTables() throws InterruptedException {
    start();
    workload.read(tables(POD));
    assertThat(starts("s1")).isEqualTo(new Outcome.Ready());

    workload.read(tables(World.entry(7, "::ffff:10.20.0.5", 2, "")));
    awaitAllDone();

    assertThat(world.index(RAIL)).contains("7");
  }

  @Test
  void anotherStartInTheSandboxKeepsTheFiles() throws InterruptedException {
    start();
    workload.read(tables(POD));
    assertThat(starts("s1")).isEqualTo(new Outcome.Ready());
    world.steps.clear();

    assertThat(starts("s1")).isEqualTo(new Outcome.Ready());

    assertThat(world.index(RAIL)).contains("2");
    assertThat(world.steps).filteredOn("swap"::equals).hasSize(1); // never a pending set between
    assertThat(claim().containerId()).isEqualTo("s1/main");
  }

  @Test
  void anotherSandboxTakesOver() throws InterruptedException {
    start();
    workload.read(tables(POD));
    assertThat(starts("s1")).isEqualTo(new Outcome.Ready());
    workload.sandboxStopped("s1");
    assertThat(workload.holders()).isEmpty();
    assertThat(world.index(RAIL)).isEmpty();

    assertThat(starts("s2")).isEqualTo(new Outcome.Ready());

    assertThat(world.index(RAIL)).contains("2");
    assertThat(workload.holders()).containsExactly("s2");
  }

  @Test
  void aLateAddressIsWaitedFor() throws InterruptedException, ExecutionException, TimeoutException {
    start();
    CompletableFuture<Outcome> answer =
        CompletableFuture.supplyAsync(() -> {
          try {
            return starts("s1");
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
          }
        });
    awaitListeners(1);
    assertThat(answer).isNotDone();

    workload.read(tables(POD));

    assertThat(answer.get(GUARD_SECONDS, TimeUnit.SECONDS)).isEqualTo(new Outcome.Ready());
    assertThat(world.index(RAIL)).contains("2");
  }

  /** As by a kubelet whose patience is over: one is made of both, and nobody listens on. */
  @Test
  void whoAsksAgainMeanwhileGetsTheSameAnswer()
      throws InterruptedException, ExecutionException, TimeoutException {
    start();
    CompletableFuture<Adjustment> first = create(LONG);
    awaitListeners(1);
    Runnable listening = world.listeners.keySet().iterator().next();
    CompletableFuture<Adjustment> second = create(LONG);
    Awaitility.await()
        .atMost(Duration.ofSeconds(GUARD_SECONDS))
        .until(() -> world.listeners.size() == 1 && !world.listeners.containsKey(listening));
    assertThat(first).isNotDone();

    workload.read(tables(POD));

    assertThat(get(second)).isInstanceOf(Adjustment.Add.class).isEqualTo(get(first));
    awaitAllDone();
    assertThat(world.listeners).isEmpty();
  }

  @Test
  void nothingEligibleIsRefusedInASentence() throws InterruptedException {
    start();

    Outcome outcome =
        workload.containerStarts(World.sandbox("s1"), "main", List.of(RAIL), Duration.ZERO);

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Refused.class, refused -> assertThat(refused.reason()).contains("rxe0"));
    assertThat(world.index(RAIL)).isEmpty();
  }

  /** The runtime says by CRI what NRI would. */
  @Test
  void aContainerOnAKernelOfItsOwnIsRefused() throws InterruptedException {
    start();
    workload.read(tables(POD));
    Sandbox kata =
        new Sandbox("s1", "uid-s1", "default", "pod", sandbox().networkNamespace(), "kata");

    assertThat(workload.containerStarts(kata, "main", List.of(RAIL), LONG))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused ->
                assertThat(refused.reason())
                    .startsWith("runtime handler kata runs pods on a kernel of their own"));

    assertThat(world.refused).containsExactly(Obstacle.SEPARATE_KERNEL);
    assertThat(world.index(RAIL)).isEmpty();
    assertThat(workload.holders()).isEmpty();
  }

  @Test
  void aBeginKeepsWhatIsThereAndFreesTheRest() throws InterruptedException {
    start();
    workload.read(tables(POD));
    assertThat(starts("s1")).isEqualTo(new Outcome.Ready());

    workload.begin(Set.of("s1", "other"));
    assertThat(workload.holders()).containsExactly("s1");
    assertThat(world.index(RAIL)).contains("2");

    workload.begin(Set.of("other"));
    assertThat(workload.holders()).isEmpty();
    assertThat(world.index(RAIL)).isEmpty();
  }

  @Test
  void aBeginIsEnoughToOffer() throws InterruptedException {
    workload.offerTo(offers::add);
    workload.read(tables());
    workload.configure(List.of(World.pool("rail", GidScope.POD)), Map.of());
    awaitAllDone();
    assertThat(offers).isEmpty();

    workload.begin(Set.of());

    assertThat(ids(nextOffer())).isNotEmpty();
  }

  @Test
  void theRuntimeTakesOverFromFilesOnly() throws InterruptedException {
    start();
    workload.read(tables(POD));
    assertThat(starts("s1")).isEqualTo(new Outcome.Ready());

    // NRI is there now, and shows the container without variables: it had its answer all the same.
    workload.synchronize(List.of(sandbox()), List.of(container()));
    awaitAllDone();
    assertThat(world.index(RAIL)).contains("2");
    assertThat(claim().made()).isTrue();

    assertThat(workload.createContainer(sandbox(), container(), LONG))
        .isInstanceOfSatisfying(
            Adjustment.Add.class,
            add -> assertThat(add.variables()).containsEntry("RDMAGID_RAIL_0_GID_INDEX", "2"));
    assertThat(claim().containerId()).isEqualTo("c1");
    assertThat(world.index(RAIL)).isEqualTo(Optional.of("2"));
  }
}
