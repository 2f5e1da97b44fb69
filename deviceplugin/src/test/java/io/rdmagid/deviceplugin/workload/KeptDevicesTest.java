package io.rdmagid.deviceplugin.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.RdmaNamespaceMode;
import io.rdmagid.deviceplugin.workload.PoolOffer.OfferedDevice;
import io.rdmagid.gid.GidScope;
import io.rdmagid.pool.DeviceIds;
import io.rdmagid.pool.PoolMembership;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What pods hold stays offered, and nothing else does. */
class KeptDevicesTest {
  private static final PoolState RAIL = World.pool("rail", GidScope.POD);
  private static final PoolState WITHOUT_RULE = new PoolState(RAIL.pool(), Optional.empty());
  private static final Inventory TABLES = World.inventory(List.of(World.DEFAULT), List.of());

  @Test
  void whatIsOfferedAnywayIsOfferedOnce() {
    assertThat(offers(List.of(RAIL), TABLES, held("rail", "rxe0:1::0")))
        .singleElement()
        .satisfies(offer ->
            assertThat(offer.devices())
                .extracting(OfferedDevice::id)
                .containsExactly("rxe0:1::0", "rxe0:1::1", "rxe0:1::2", "rxe0:1::3"));
  }

  /** As where fewer pods share a port than before: no more than now do. */
  @Test
  void anIdThatThePoolHasNoMoreStandsForOneThatIsFree() {
    assertThat(offers(List.of(RAIL), TABLES, held("rail", "rxe0:1::3"), held("rail", "rxe0:1::7")))
        .singleElement()
        .satisfies(offer ->
            assertThat(offer.devices())
                .extracting(OfferedDevice::id)
                .containsExactly("rxe0:1::0", "rxe0:1::1", "rxe0:1::3", "rxe0:1::7"));
  }

  /**
   * As where podsPerPort was 16, and ten pods share the port: no new pod gets it, none loses it.
   */
  @Test
  void aPortThatMorePodsHoldThanNowMayHasNoFreeId() {
    AllocationRecord[] ten =
        IntStream.range(0, 10)
            .mapToObj(n -> held("rail", "rxe0:1::" + n))
            .toArray(AllocationRecord[]::new);

    assertThat(offers(List.of(RAIL), TABLES, ten))
        .singleElement()
        .satisfies(offer ->
            assertThat(offer.devices())
                .extracting(OfferedDevice::id)
                .containsExactlyInAnyOrderElementsOf(
                    Arrays.stream(ten).flatMap(record -> record.id().ids().stream()).toList()));
  }

  /** The kubelet takes no more, and what is free can be done without. */
  @Test
  void freeIdsAreCutForThoseThatPodsHoldOfPortsThatLeftThePool() {
    List<OfferedDevice> full =
        IntStream.range(0, DeviceIds.MOST)
            .mapToObj(n -> new OfferedDevice("mlx5_0:1::" + n, "mlx5_0", 1, true, 0))
            .toList();
    AllocationRecord last = held("rail", "mlx5_0:1::4095");
    AllocationRecord gone = held("rail", "rxe0:1::2");

    List<PoolOffer> offers =
        KeptDevices.added(
            new NodePlan(
                List.of(new PoolOffer("rail", "rdmagid.io/rail", full)),
                List.of(),
                PoolMembership.of(List.of(), List.of(), Map.of(), List.of()),
                Map.of(),
                false),
            List.of(RAIL),
            List.of(last, gone));

    assertThat(offers)
        .singleElement()
        .satisfies(offer ->
            assertThat(offer.devices())
                .extracting(OfferedDevice::id)
                .hasSize(DeviceIds.MOST)
                .contains("mlx5_0:1::0", "mlx5_0:1::4093", "mlx5_0:1::4095", "rxe0:1::2")
                .doesNotContain("mlx5_0:1::4094"));
  }

  @Test
  void idsOfSeveralPortsArePairedWithThemInOrder() {
    AllocationRecord two =
        new AllocationRecord(
            new AllocationId("rail", List.of("0000:3b:00.0", "0000:5e:00.0")),
            List.of(new HeldPort("mlx5_0", 1), new HeldPort("mlx5_1", 1)),
            World.BOOT,
            Optional.empty());
    assertThat(offers(List.of(WITHOUT_RULE), TABLES, two))
        .singleElement()
        .satisfies(offer ->
            assertThat(offer.devices())
                .containsExactly(
                    new OfferedDevice("0000:3b:00.0", "mlx5_0", 1, false, -1),
                    new OfferedDevice("0000:5e:00.0", "mlx5_1", 1, false, -1)));
  }

  @Test
  void aPoolWithoutARuleForItsSpecOffersWhatItsPodsHold() {
    assertThat(offers(List.of(WITHOUT_RULE), TABLES, held("rail", "rxe0:1::2")))
        .containsExactly(
            new PoolOffer(
                "rail",
                "rdmagid.io/rail",
                List.of(new OfferedDevice("rxe0:1::2", "rxe0", 1, true, -1))));
    assertThat(offers(List.of(WITHOUT_RULE), TABLES)).isEmpty();
  }

  /** A pod of the host's network goes on with its device, and over a restart of the kubelet. */
  @Test
  void inExclusiveNamespaceModeOnlyWhatPodsHoldIsOffered() {
    Inventory exclusive = TABLES.in(RdmaNamespaceMode.EXCLUSIVE);

    assertThat(offers(List.of(RAIL), exclusive, held("rail", "rxe0:1::2")))
        .containsExactly(
            new PoolOffer(
                "rail",
                "rdmagid.io/rail",
                List.of(new OfferedDevice("rxe0:1::2", "rxe0", 1, true, -1))));
    assertThat(offers(List.of(RAIL), exclusive)).isEmpty();
    assertThat(offers(List.of(RAIL), TABLES.in(RdmaNamespaceMode.SHARED)))
        .singleElement()
        .satisfies(offer -> assertThat(offer.devices()).hasSize(4));
  }

  @Test
  void aDeviceThatIsUnpluggedIsKeptAndNotHealthy() {
    assertThat(offers(List.of(RAIL), Inventory.EMPTY, held("rail", "rxe0:1::2")))
        .singleElement()
        .satisfies(offer ->
            assertThat(offer.devices())
                .containsExactly(new OfferedDevice("rxe0:1::2", "rxe0", 1, false, -1)));
  }

  @Test
  void anIdWithoutItsPoolHasNoResource() {
    assertThat(offers(List.of(), TABLES, held("rail", "rxe0:1::2"))).isEmpty();
  }

  /** The port is another pool's, but for what the first one's pod holds. */
  @Test
  void aPortThatDrainsIsNotOfferedByAnother() {
    PoolState other = World.pool("other", GidScope.POD);
    PoolState none = new PoolState(World.wanting(RAIL.pool(), "nothing*"), RAIL.effective());

    assertThat(offers(List.of(none, other), TABLES, held("rail", "rxe0:1::2")))
        .filteredOn(offer -> !offer.devices().isEmpty())
        .containsExactly(
            new PoolOffer(
                "rail",
                "rdmagid.io/rail",
                List.of(new OfferedDevice("rxe0:1::2", "rxe0", 1, true, -1))));
    assertThat(offers(List.of(none, other), TABLES))
        .filteredOn(offer -> !offer.devices().isEmpty())
        .extracting(PoolOffer::pool)
        .containsExactly("other");
  }

  private static List<PoolOffer> offers(
      List<PoolState> pools, Inventory inventory, AllocationRecord... held) {
    return KeptDevices.added(
        NodePlan.of("node-a", Map.of(), pools, inventory, List.of(held)), pools, List.of(held));
  }

  private static AllocationRecord held(String pool, String id) {
    Claim claim =
        new Claim(
            World.sandbox("s1"),
            "c1",
            "main",
            List.of(),
            World.terms(GidScope.POD),
            1,
            true,
            Frozen.NONE,
            false);
    return new AllocationRecord(
        new AllocationId(pool, List.of(id)),
        List.of(new HeldPort("rxe0", 1)),
        World.BOOT,
        Optional.of(claim));
  }
}
