package io.rdmagid.deviceplugin.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.inventory.RdmaNamespaceMode;
import io.rdmagid.deviceplugin.workload.PortOffer.Standing;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PortOffersTest {
  private static final HeldPort PORT = new HeldPort("rxe0", 1);
  private static final PoolState HOST = World.pool("rail", GidScope.HOST);
  private static final PoolState POD = World.pool("rail", GidScope.POD);
  private static final PoolState OTHER = World.pool("other", GidScope.POD);
  private static final PoolState WANTS_NOTHING =
      new PoolState(World.wanting(POD.pool(), "nothing*"), POD.effective());

  private final NodeOffers offers = new NodeOffers("node-a");
  private long now;

  @Test
  void aPoolOffersAPortThatServesItsRule() {
    assertThat(offer(List.of(HOST), tables(World.HOST)))
        .contains(new PortOffer(List.of("rail"), Standing.HEALTHY, "pool rail offers the port"));
  }

  @Test
  void ofScopeHostThePortMustServeTheRule() {
    assertThat(offer(List.of(HOST), tables()))
        .contains(
            new PortOffer(
                List.of("rail"),
                Standing.NO_USABLE_GID,
                "pool rail: no RoCEv2 IPv4 GID; closest: index 0 fe80::1 RoCEv2 (link-local, not of"
                    + " the rule's family)"));
    assertThat(offer(List.of(POD), tables()))
        .get()
        .extracting(PortOffer::standing)
        .isEqualTo(Standing.HEALTHY);
  }

  @Test
  void anEntryWhoseAddressNoProgramCanUseNowServesNoRuleOfTheHost() {
    Inventory tentative = tables(World.HOST);
    Device device = tentative.devices().getFirst();
    Port port = device.ports().getFirst();
    Inventory unusable =
        new Inventory(
            List.of(
                new Device(
                    device.name(),
                    device.uverbs(),
                    device.attributes(),
                    List.of(
                        new Port(
                            port.number(),
                            port.attributes(),
                            port.netdev(),
                            port.gids(),
                            port.podGids(),
                            Set.of(World.HOST.index()))))));

    assertThat(offer(List.of(HOST), unusable))
        .get()
        .satisfies(offer -> {
          assertThat(offer.standing()).isEqualTo(Standing.NO_USABLE_GID);
          assertThat(offer.message()).contains("no RoCEv2 IPv4 GID", "tentative");
        });
    assertThat(offer(List.of(HOST), tentative))
        .get()
        .extracting(PortOffer::standing)
        .isEqualTo(Standing.HEALTHY);
  }

  @Test
  void twoEntriesThatNothingTellsApartServeNoRule() {
    GidEntry again = World.entry(2, "::ffff:10.10.0.1", World.RAIL, "rail0");

    assertThat(offer(List.of(HOST), tables(World.HOST, again)))
        .get()
        .extracting(PortOffer::standing)
        .isEqualTo(Standing.AMBIGUOUS_GID);
  }

  @Test
  void aPortThatIsDownUnderAPodIsOfferedAWhileLonger() {
    AllocationRecord held = held("rail");
    assertThat(offer(List.of(POD), tables(), held))
        .get()
        .extracting(PortOffer::standing)
        .isEqualTo(Standing.HEALTHY);

    assertThat(offer(List.of(POD), down(), held))
        .contains(
            new PortOffer(
                List.of("rail"),
                Standing.DAMPED,
                "pool rail offers the port a while longer, as pods hold it: the port is not"
                    + " active"));
    now = Duration.ofSeconds(30).toNanos();
    assertThat(offer(List.of(POD), down(), held))
        .contains(
            new PortOffer(
                List.of("rail"), Standing.PORT_DOWN, "pool rail: the port is not active"));
  }

  @Test
  void aPoolWithoutARuleHasThePortAndDoesNotOfferIt() {
    PoolState without = new PoolState(POD.pool(), Optional.empty());

    assertThat(offer(List.of(without), tables()))
        .contains(
            new PortOffer(
                List.of("rail"), Standing.NO_RULE, "pool rail has no rule for its spec yet"));
  }

  @Test
  void inExclusiveNamespaceModeNoPodThatComesGetsAPort() {
    PortOffer withheld =
        new PortOffer(
            List.of("rail"),
            Standing.EXCLUSIVE_NAMESPACES,
            "pool rail: the node is in exclusive namespace mode, in which a pod's network namespace"
                + " has none of the host's devices; pools need rdma system set netns shared");
    assertThat(offer(List.of(POD), tables().in(RdmaNamespaceMode.EXCLUSIVE))).contains(withheld);
    assertThat(offer(List.of(POD), down().in(RdmaNamespaceMode.EXCLUSIVE), held("rail")))
        .as("and no while longer either, where pods hold one that is down")
        .contains(withheld);
    assertThat(withheld.standing().offered()).isFalse();
  }

  @Test
  void inSharedNamespaceModePoolsOfferTheirPorts() {
    assertThat(offer(List.of(POD), tables().in(RdmaNamespaceMode.SHARED)))
        .get()
        .extracting(PortOffer::standing)
        .isEqualTo(Standing.HEALTHY);
  }

  @Test
  void aPortThatDrainsAndIsDownIsSaidToBe() {
    assertThat(offer(List.of(WANTS_NOTHING, OTHER), down(), held("rail")))
        .contains(
            new PortOffer(
                List.of("rail"),
                Standing.DRAINING,
                "pods hold the port of pool rail, which has it no more; wanted by other; the port"
                    + " is not active"));
  }

  @Test
  void aPortThatDrainsIsOfThePoolWhosePodsHoldIt() {
    assertThat(offer(List.of(WANTS_NOTHING, OTHER), tables(), held("rail")))
        .contains(
            new PortOffer(
                List.of("rail"),
                Standing.DRAINING,
                "pods hold the port of pool rail, which has it no more; wanted by other"));
    assertThat(offer(List.of(WANTS_NOTHING, OTHER), tables()))
        .get()
        .extracting(PortOffer::pools)
        .isEqualTo(List.of("other"));
  }

  @Test
  void aPortThatPodsOfADeletedPoolHoldIsNoPools() {
    assertThat(offer(List.of(), tables(), held("rail")))
        .contains(
            new PortOffer(
                List.of(),
                Standing.DRAINING,
                "pods hold the port of pool rail, which has it no more"));
  }

  @Test
  void ofAPortThatNobodyWantsNothingIsSaid() {
    assertThat(offer(List.of(WANTS_NOTHING), tables())).isEmpty();
  }

  private Optional<PortOffer> offer(
      List<PoolState> pools, Inventory inventory, AllocationRecord... held) {
    Optional<List<PoolOffer>> _ = offers.update(pools, Map.of(), inventory, List.of(held), now);
    assertThat(offers.ports().keySet()).isSubsetOf(PORT);
    return Optional.ofNullable(offers.ports().get(PORT));
  }

  private static Inventory tables(GidEntry... more) {
    List<GidEntry> entries = new ArrayList<>(List.of(World.DEFAULT));
    entries.addAll(List.of(more));
    return World.inventory(entries, List.of());
  }

  private static Inventory down() {
    Device device = tables().devices().getFirst();
    PortAttributes attributes =
        new PortAttributes("Ethernet", "DOWN", "DISABLED", 1024, 100, 1024, "");
    return new Inventory(
        List.of(
            new Device(
                device.name(),
                device.uverbs(),
                device.attributes(),
                List.of(new Port(1, attributes, "rail0", List.of(World.DEFAULT), List.of())))));
  }

  private static AllocationRecord held(String pool) {
    return new AllocationRecord(
        new AllocationId(pool, List.of("rxe0:1::0")), List.of(PORT), World.BOOT, Optional.empty());
  }
}
