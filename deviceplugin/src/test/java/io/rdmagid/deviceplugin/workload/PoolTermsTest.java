package io.rdmagid.deviceplugin.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.assignment.GidChoice;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidRule;
import io.rdmagid.gid.GidScope;
import io.rdmagid.gid.GidType;
import io.rdmagid.gid.IpFamily;
import io.rdmagid.pool.EffectiveRule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a pool says of containers: what it says later is for later containers. */
class PoolTermsTest extends OnWorkload {
  private static final AllocationId NEXT = new AllocationId("rail", List.of("rxe0:1::1"));
  private static final GidEntry POD_IPV6 = World.entry(5, "2001:db8::5", 2, "");
  private static final EffectiveRule IPV6 =
      new EffectiveRule(
          new GidRule(GidType.ROCE_V2, IpFamily.IPV6, List.of(), false), GidScope.POD, true, 1, 2);

  @Test
  void aContainerKeepsTheRuleThatItWasMadeByAndTheNextHasTheNewOne() throws InterruptedException {
    start();
    Inventory both = tables(POD, POD_IPV6);
    world.see(
        Optional.of(World.POD_NAMESPACE),
        false,
        Map.of(2, World.link(2, "net1", World.RAIL, "10.20.0.5", "2001:db8::5")));
    workload.read(both);
    assertThat(workload.createContainer(sandbox(), container(), LONG))
        .isInstanceOf(Adjustment.Add.class);

    workload.configure(
        List.of(new PoolState(World.pool("rail", GidScope.POD).pool(), Optional.of(IPV6))),
        Map.of());
    workload.read(both);
    awaitAllDone();
    assertThat(world.index(RAIL)).contains("2");

    workload.read(tables(World.entry(7, "::ffff:10.20.0.5", 2, ""), POD_IPV6));
    awaitAllDone();
    assertThat(world.index(RAIL)).as("by its own rule it follows the tables").contains("7");
    assertThatTheRecordSays("s1", 7, 1);

    assertThat(workload.allocate("rail", NEXT.ids())).isInstanceOf(Allocator.Outcome.Granted.class);
    assertThat(
            workload.createContainer(World.sandbox("s2"), World.container("c2", "s2", NEXT), LONG))
        .isInstanceOf(Adjustment.Add.class);
    assertThat(world.index(NEXT)).contains("5");
    assertThatTheRecordSays("s2", 5, 2);
    assertThat(world.index(RAIL)).contains("7");
  }

  private void assertThatTheRecordSays(String sandbox, int index, long revision) {
    AssignedPort port = world.reported.getLast().ports().getFirst();
    assertThat(world.reported.getLast().podName()).isEqualTo("pod-" + sandbox);
    assertThat(port.choice().map(GidChoice::index)).contains(index);
    assertThat(port.ruleRevision()).isEqualTo(revision);
  }

  @Test
  void aPoolWithMemlockLiftsTheLimitOfItsContainers() throws InterruptedException {
    start();
    workload.configure(List.of(withMemlock("rail")), Map.of());
    assertThat(memlock()).hasValue(-1);
  }

  @Test
  void aPoolWithoutMemlockLeavesTheLimitAsItIs() throws InterruptedException {
    start();
    assertThat(memlock()).isEmpty();
  }

  @Test
  void ofSeveralPoolsOfAContainerOneWithMemlockIsEnough() {
    ClusterPools pools =
        new ClusterPools(List.of(World.pool("rail", GidScope.POD), withMemlock("spine")));
    assertThat(pools.memlock(Set.of("rail", "spine"))).isTrue();
    assertThat(pools.memlock(Set.of("rail", "deleted"))).isFalse();
  }

  private OptionalLong memlock() throws InterruptedException {
    workload.read(tables(POD));
    Adjustment answer = workload.createContainer(sandbox(), container(), LONG);
    assertThat(answer).isInstanceOf(Adjustment.Add.class);
    return ((Adjustment.Add) answer).memlockBytes();
  }

  private static PoolState withMemlock(String name) {
    PoolState without = World.pool(name, GidScope.POD);
    return new PoolState(World.withMemlock(without.pool()), without.effective());
  }
}
