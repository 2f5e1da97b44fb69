package io.rdmagid.deviceplugin.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.inventory.NamespaceLink;
import io.rdmagid.deviceplugin.inventory.NamespaceView;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.gid.GidEntry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EligibilityTest {
  private static final GidEntry POD = World.entry(2, "::ffff:10.20.0.5", 2, "");

  @Test
  void anEntryOfAMacvlanOnThePortsNetdevCounts() {
    assertThat(indices(port(POD), pod(World.link(2, "net1", World.RAIL, "10.20.0.5"))))
        .containsExactly(2);
  }

  @Test
  void aNameCountsLikeANumber() {
    GidEntry named = World.entry(2, "::ffff:10.20.0.5", 0, "net1");

    assertThat(
            Eligibility.entries(port(named), pod(World.link(2, "net1", World.RAIL, "10.20.0.5"))))
        .containsExactly(World.entry(2, "::ffff:10.20.0.5", 2, "net1"));
    assertThat(indices(port(named), pod(World.link(2, "net2", World.RAIL, "10.20.0.5")))).isEmpty();
    assertThat(indices(port(named), pod(World.link(2, "net1", World.RAIL, "10.20.0.6")))).isEmpty();
    assertThat(indices(port(named), pod(World.link(2, "net1", 9, "10.20.0.5")))).isEmpty();
  }

  @Test
  void theSameNumberAndAddressOnAnotherPortsNetdevDoNot() {
    // The pod's link 2 has the address, but leaves by link 9 of the host.
    assertThat(indices(port(POD), pod(World.link(2, "net1", 9, "10.20.0.5")))).isEmpty();
  }

  @Test
  void theSameNumberWithAnotherAddressDoesNot() {
    assertThat(indices(port(POD), pod(World.link(2, "net1", World.RAIL, "10.20.0.6")))).isEmpty();
  }

  @Test
  void aVlanOnAMacvlanInThePodLeadsToThePort() {
    NamespaceLink macvlan = World.link(2, "net1", World.RAIL);
    NamespaceLink vlan =
        new NamespaceLink(
            5,
            "net1.7",
            2,
            NamespaceLink.Place.HERE,
            0,
            World.link(5, "x", 0, "10.20.0.5").addresses());
    assertThat(indices(port(World.entry(3, "::ffff:10.20.0.5", 5, "")), pod(macvlan, vlan)))
        .containsExactly(3);
  }

  @Test
  void aMacvlanOnABondOfTheHostLeadsToItsSlave() {
    NamespaceLink net1 = World.link(2, "net1", 8, "10.20.0.5");
    NamespaceLink bond = new NamespaceLink(8, "bond0", 0, NamespaceLink.Place.HERE, 0, Set.of());
    NamespaceLink slave =
        new NamespaceLink(World.RAIL, "rail0", 0, NamespaceLink.Place.HERE, 8, Set.of());
    NamespaceView view =
        new NamespaceView(false, Map.of(2, net1), Map.of(8, bond, World.RAIL, slave));
    assertThat(indices(port(POD), view)).containsExactly(2);
  }

  @Test
  void aVirtualFunctionMovedIntoThePodIsKnownByItsDefaultGid() {
    GidEntry defaultGid = World.entry(0, "fe80::2", 2, "");
    NamespaceLink function =
        new NamespaceLink(
            2,
            "net1",
            0,
            NamespaceLink.Place.HERE,
            0,
            World.link(2, "x", 0, "10.20.0.5").addresses());
    Port moved =
        World.inventory(List.of(), List.of(defaultGid, POD))
            .devices()
            .getFirst()
            .ports()
            .getFirst();
    assertThat(indices(moved, pod(function))).containsExactly(2);
    Port movedAndNamed =
        World.inventory(
                List.of(),
                List.of(
                    World.entry(0, "fe80::2", 0, "net1"),
                    World.entry(2, "::ffff:10.20.0.5", 0, "net1")))
            .devices()
            .getFirst()
            .ports()
            .getFirst();
    // Every pod has a net1: a name alone does not tell whose default GID that is.
    assertThat(indices(movedAndNamed, pod(function))).isEmpty();
  }

  @Test
  void aVethWhosePeerIsOnABridgeDoesNotLeadToThePortBehindIt() {
    NamespaceLink eth0 = World.link(2, "eth0", 7, "10.20.0.5");
    NamespaceLink peer =
        new NamespaceLink(7, "veth7", 2, NamespaceLink.Place.ELSEWHERE, 6, Set.of());
    NamespaceLink bridge = new NamespaceLink(6, "br0", 0, NamespaceLink.Place.HERE, 0, Set.of());
    NamespaceLink rail =
        new NamespaceLink(World.RAIL, "rail0", 0, NamespaceLink.Place.HERE, 6, Set.of());
    NamespaceView view =
        new NamespaceView(false, Map.of(2, eth0), Map.of(7, peer, 6, bridge, World.RAIL, rail));
    assertThat(indices(port(POD), view)).isEmpty();
  }

  private static List<Integer> indices(Port port, NamespaceView view) {
    return Eligibility.entries(port, view).stream().map(GidEntry::index).toList();
  }

  private static Port port(GidEntry... pods) {
    return World.inventory(List.of(World.DEFAULT, World.HOST), List.of(pods))
        .devices()
        .getFirst()
        .ports()
        .getFirst();
  }

  private static NamespaceView pod(NamespaceLink... links) {
    Map<Integer, NamespaceLink> byIfindex = new HashMap<>();
    for (NamespaceLink link : links) {
      byIfindex.put(link.ifindex(), link);
    }
    return new NamespaceView(
        false, byIfindex, Map.of(World.RAIL, World.link(World.RAIL, "rail0", 0)));
  }
}
