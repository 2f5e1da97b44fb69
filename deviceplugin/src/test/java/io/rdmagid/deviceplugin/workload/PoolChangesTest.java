package io.rdmagid.deviceplugin.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.gid.GidScope;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a change of a pool does to pods that have its ports, and to those that ask. */
class PoolChangesTest extends OnWorkload {
  private static final PoolState BEFORE = World.pool("rail", GidScope.POD);

  @Test
  void whileASpecIsNotUnderstoodPodsKeepWhatTheyHaveAndNothingElseIsOffered()
      throws InterruptedException {
    start();
    assertThat(nextOffer()).hasSize(1);
    workload.read(tables(POD));
    assertThat(workload.createContainer(sandbox(), container(), LONG))
        .isInstanceOf(Adjustment.Add.class);

    workload.configure(List.of(BEFORE.goingOn(Optional.empty())), Map.of());
    assertThat(nextOffer())
        .as("a kubelet that restarts finds the pod's id, and no other")
        .singleElement()
        .satisfies(offer -> {
          assertThat(offer.resourceName()).isEqualTo("rdmagid.io/rail");
          assertThat(offer.devices())
              .extracting(PoolOffer.OfferedDevice::id)
              .containsExactly("rxe0:1::0");
        });
    workload.containerStopped("s1", "c1");
    assertThat(workload.createContainer(sandbox(), World.container("c2", "s1", RAIL), LONG))
        .as("a container that starts anew")
        .isInstanceOf(Adjustment.Add.class);
    assertThat(world.index(RAIL)).contains("2");
  }

  /** As the operator has it, for which a pool that it does not understand has no port. */
  @Test
  void aPortOfAPoolThatIsNotUnderstoodIsAnothersWhenItsPodsAreGone() throws InterruptedException {
    start();
    assertThat(nextOffer()).hasSize(1);
    workload.read(tables(POD));
    assertThat(workload.createContainer(sandbox(), container(), LONG))
        .isInstanceOf(Adjustment.Add.class);
    workload.configure(
        List.of(BEFORE.goingOn(Optional.empty()), World.pool("younger", GidScope.POD)), Map.of());
    assertThat(ids(nextOffer())).containsExactly("rxe0:1::0");

    workload.sandboxStopped("s1");
    awaitAllDone();
    now.addAndGet(Duration.ofMinutes(1).toNanos());
    workload.read(tables(POD));
    assertThat(nextOffer())
        .filteredOn(offer -> !offer.devices().isEmpty())
        .extracting(PoolOffer::pool)
        .containsExactly("younger");
  }

  @Test
  void whileARuleIsNotUnderstoodContainersGoOnByTheLast() throws InterruptedException {
    start();
    workload.read(tables(POD));
    PoolState without = new PoolState(BEFORE.pool(), Optional.empty());
    workload.configure(List.of(BEFORE.goingOn(Optional.of(without))), Map.of());
    assertThat(workload.createContainer(sandbox(), container(), LONG))
        .isInstanceOf(Adjustment.Add.class);
    assertThat(offers).allSatisfy(offer -> assertThat(ids(offer)).contains("rxe0:1::0"));
    assertThat(offers).last().satisfies(offer -> assertThat(ids(offer)).hasSize(1));
  }

  @Test
  void whatThePoolDoesNotOfferAnyMoreIsNotAllocated() throws InterruptedException {
    start();
    PoolState left = new PoolState(World.wanting(BEFORE.pool(), "nothing*"), BEFORE.effective());
    workload.configure(List.of(left, World.pool("other", GidScope.POD)), Map.of());
    assertThat(workload.allocate("rail", List.of("rxe0:1::1")))
        .isEqualTo(new Allocator.Outcome.Refused("pool rail has [rxe0:1::1] no longer"));
    assertThat(workload.allocate("rail", RAIL.ids()))
        .as("a pod that has it is given it again")
        .isInstanceOf(Allocator.Outcome.Granted.class);
  }
}
