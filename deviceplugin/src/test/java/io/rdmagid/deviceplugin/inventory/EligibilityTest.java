package io.rdmagid.deviceplugin.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.inventory.NamespaceLink.Place;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidRule;
import io.rdmagid.gid.GidSelection;
import io.rdmagid.gid.GidSelector;
import io.rdmagid.gid.GidType;
import io.rdmagid.gid.IpFamily;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A port on the host's rail0, ifindex 3, and pods whose entry at index 2 is 10.20.0.5 on link 2.
 */
class EligibilityTest {
  private static final int RAIL = 3;
  private static final int BOND = 8;
  private static final GidEntry POD = entry(2, "::ffff:10.20.0.5", 2, "");
  private static final NamespaceLink RAIL0 = link(RAIL, "rail0", 0, Place.HERE, 0);

  @Test
  void anEntryOfAMacvlanOnThePortsNetdevCounts() {
    assertThat(indices(port(POD), pod(onHost(2, RAIL, "10.20.0.5")))).containsExactly(2);
  }

  @Test
  void anAddressThatTheTableLacksIsAwaited() {
    NamespaceView view =
        pod(
            onHost(2, RAIL, "10.20.0.5", "10.20.0.6"),
            onHost(4, 9, "10.20.0.7"),
            onHost(5, RAIL, "10.20.0.8"));

    assertThat(Eligibility.awaited(port(POD), view))
        .extracting(Eligibility.Awaited::text)
        .containsExactly("10.20.0.6 of net2", "10.20.0.8 of net5");
  }

  @Test
  void anAddressThatMayBeSomebodyElsesIsAwaitedThoughTheTableHasIt() {
    NamespaceLink link = onHost(2, RAIL);
    NamespaceLink tentative =
        new NamespaceLink(
            2, link.name(), 0, RAIL, link.lowerPlace(), 0, Set.of(), gids("10.20.0.5"));

    assertThat(indices(port(POD), pod(tentative))).isEmpty();
    assertThat(Eligibility.awaited(port(POD), pod(tentative)))
        .singleElement()
        .satisfies(awaited -> {
          assertThat(awaited.text()).isEqualTo("10.20.0.5 of net2");
          assertThat(awaited.tentative()).isTrue();
        });
  }

  @Test
  void aNameCountsLikeANumber() {
    GidEntry named = entry(2, "::ffff:10.20.0.5", 0, "net2");

    assertThat(Eligibility.entries(port(named), pod(onHost(2, RAIL, "10.20.0.5"))))
        .containsExactly(entry(2, "::ffff:10.20.0.5", 2, "net2"));
    assertThat(indices(port(named), pod(onHost(4, RAIL, "10.20.0.5")))).isEmpty();
    assertThat(indices(port(named), pod(onHost(2, RAIL, "10.20.0.6")))).isEmpty();
    assertThat(indices(port(named), pod(onHost(2, 9, "10.20.0.5")))).isEmpty();
  }

  @Test
  void theSameNumberAndAddressOnAnotherPortsNetdevDoNot() {
    // The pod's link 2 has the address, but leaves by link 9 of the host.
    assertThat(indices(port(POD), pod(onHost(2, 9, "10.20.0.5")))).isEmpty();
  }

  @Test
  void theSameNumberWithAnotherAddressDoesNot() {
    assertThat(indices(port(POD), pod(onHost(2, RAIL, "10.20.0.6")))).isEmpty();
  }

  @Test
  void aNumberThatCollidesWithTheHostsIsThePods() {
    // The pod's link has the number of the port's own netdev, and is a macvlan on another.
    GidEntry colliding = entry(2, "::ffff:10.20.0.5", RAIL, "");

    assertThat(indices(port(colliding), pod(onHost(RAIL, 9, "10.20.0.5")))).isEmpty();
    assertThat(indices(port(colliding), pod(onHost(RAIL, RAIL, "10.20.0.5")))).containsExactly(2);
    assertThat(indices(port(colliding), pod(link(RAIL, "eth0", 0, Place.HERE, 0, "10.20.0.5"))))
        .isEmpty();
  }

  @Test
  void aLowerDeviceInAThirdNamespaceLeadsNowhere() {
    assertThat(indices(port(POD), pod(link(2, "net1", RAIL, Place.ELSEWHERE, 0, "10.20.0.5"))))
        .isEmpty();
  }

  @Test
  void anIpvlanOfManyHasTheAddressOfItsOwnOnly() {
    // All ipvlans of a rail have its hardware address: only the IP addresses differ.
    NamespaceView view = pod(onHost(2, RAIL, "10.20.0.5"));
    Port port = port(POD, entry(4, "::ffff:10.20.0.9", 2, ""));

    assertThat(indices(port, view)).containsExactly(2);
  }

  @Test
  void aVlanOnAMacvlanInThePodLeadsToThePort() {
    assertThat(
            indices(
                port(entry(5, "::ffff:10.20.0.5", 5, "")),
                pod(onHost(2, RAIL), link(5, "net1.7", 2, Place.HERE, 0, "10.20.0.5"))))
        .containsExactly(5);
  }

  @Test
  void aBondOfMacvlansInThePodLeadsToThePortsOfAll() {
    NamespaceView view =
        pod(
            link(4, "bond0", 0, Place.HERE, 0, "10.20.0.5"),
            link(5, "net1", RAIL, Place.HOST, 4),
            link(6, "net2", 9, Place.HOST, 4));

    assertThat(indices(port(entry(2, "::ffff:10.20.0.5", 4, "")), view)).containsExactly(2);
  }

  @Test
  void aMacvlanOnABondOfTheHostLeadsToItsSlave() {
    assertThat(indices(port(POD), onBond(onHost(2, BOND, "10.20.0.5")))).containsExactly(2);
  }

  @Test
  void aMacvlanOnABondLeadsToAPortWhoseDefaultGidIsTheBonds() {
    Port bonded = port(List.of(entry(0, "fe80::1", BOND, "bond0")), POD);

    assertThat(indices(bonded, onBond(onHost(2, BOND, "10.20.0.5")))).containsExactly(2);
    assertThat(indices(bonded, onBond(onHost(2, 9, "10.20.0.5")))).isEmpty();
  }

  @Test
  void aMacvlanOnAVlanOnABondLeadsToItsSlave() {
    NamespaceView view =
        view(
            List.of(onHost(2, 12, "10.20.0.5")),
            link(12, "bond0.7", BOND, Place.HERE, 0),
            link(BOND, "bond0", 0, Place.HERE, 0),
            link(RAIL, "rail0", 0, Place.HERE, BOND));

    assertThat(indices(port(POD), view)).containsExactly(2);
  }

  @Test
  void aMacvlanOnABridgeLeadsToItsPortsAndTheVlansBelowThem() {
    NamespaceView view =
        view(
            List.of(onHost(2, 6, "10.20.0.5")),
            link(6, "br0", 0, Place.HERE, 0),
            link(12, "rail0.7", RAIL, Place.HERE, 6),
            RAIL0);

    assertThat(indices(port(POD), view)).containsExactly(2);
  }

  @Test
  void aVethWhosePeerIsOnABridgeDoesNotLeadToThePortBehindIt() {
    NamespaceView view =
        view(
            List.of(onHost(2, 7, "10.20.0.5")),
            link(7, "veth7", 2, Place.ELSEWHERE, 6),
            link(6, "br0", 0, Place.HERE, 0),
            link(RAIL, "rail0", 0, Place.HERE, 6));

    assertThat(indices(port(POD), view)).isEmpty();
  }

  @Test
  void aCircleOfLinksEnds() {
    // Two veth ends of one namespace are each below the other.
    NamespaceView view =
        pod(
            link(2, "veth0", 5, Place.HERE, 0, "10.20.0.5"),
            link(5, "veth1", 2, Place.HERE, 6),
            link(6, "br0", 6, Place.HERE, 6));

    assertThat(indices(port(POD), view)).isEmpty();
    assertThat(indices(port(entry(2, "::ffff:10.20.0.5", 6, "")), view)).isEmpty();
  }

  @Test
  void linksStackedVeryDeepAreFollowed() {
    List<NamespaceLink> stack = new ArrayList<>(List.of(onHost(1_000, RAIL)));
    for (int ifindex = 1_001; ifindex < 6_000; ifindex++) {
      stack.add(link(ifindex, "v" + ifindex, ifindex - 1, Place.HERE, 0));
    }
    stack.add(link(2, "net1", 5_999, Place.HERE, 0, "10.20.0.5"));

    assertThat(indices(port(POD), pod(stack.toArray(NamespaceLink[]::new)))).containsExactly(2);
  }

  @Test
  void aHostsEntryCountsInTheHostsNamespaceOnly() {
    NamespaceLink rail = link(RAIL, "rail0", 0, Place.HERE, 0, "10.10.0.1", "10.20.0.5");
    Map<Integer, NamespaceLink> links = Map.of(RAIL, rail);

    assertThat(indices(port(POD), new NamespaceView(true, links, links))).containsExactly(1);
    assertThat(indices(port(POD), pod(onHost(2, RAIL, "10.10.0.1")))).isEmpty();
  }

  @Test
  void aVirtualFunctionMovedIntoThePodIsKnownByItsDefaultGid() {
    Port moved = port(List.of(), entry(0, "fe80::2", 2, ""), POD);
    assertThat(indices(moved, pod(link(2, "net1", 0, Place.HERE, 0, "10.20.0.5"))))
        .containsExactly(2);

    Port movedAndNamed =
        port(List.of(), entry(0, "fe80::2", 0, "net1"), entry(2, "::ffff:10.20.0.5", 0, "net1"));
    // Every pod has a net1: a name alone does not tell whose default GID that is.
    assertThat(indices(movedAndNamed, pod(link(2, "net1", 0, Place.HERE, 0, "10.20.0.5"))))
        .isEmpty();
  }

  @Test
  void ofTwoFunctionsWithOneNumberAndAddressInTwoPodsEachIsKnownByItsHardwareAddress() {
    Port moved = port(List.of(), entry(0, "fe80::e42:a1ff:fe65:1f2a", 2, ""), POD);

    assertThat(indices(moved, pod(physical(2, 0x0c42a1651f2aL, "10.20.0.5")))).containsExactly(2);
    assertThat(indices(moved, pod(physical(2, 0x0c42a1651f2bL, "10.20.0.5")))).isEmpty();
  }

  @Test
  void aVlanInThePodOnAFunctionMovedThereLeadsToThePort() {
    Port moved =
        port(
            List.of(),
            entry(0, "fe80::e42:a1ff:fe65:1f2a", 2, ""),
            entry(2, "::ffff:10.20.0.5", 5, ""));
    NamespaceLink vlan = link(5, "net1.7", 2, Place.HERE, 0, "10.20.0.5");

    assertThat(indices(moved, pod(physical(2, 0x0c42a1651f2aL), vlan))).containsExactly(2);
    assertThat(indices(moved, pod(physical(2, 0x0c42a1651f2bL), vlan))).isEmpty();
  }

  @Test
  void aPodsLinkLocalAddressInSlotOneIsNoDefaultGid() {
    // On a port of RoCE v2 only, slot 1 is the first that an address gets. Here that of a pod whose
    // link 2 is on this port; another pod's link 2 with the same address is not.
    Port port = port(List.of(DEFAULT_OF_RAIL), entry(1, "fe80::77", 2, ""), POD);

    assertThat(indices(port, pod(onHost(2, 9, "10.20.0.5")))).isEmpty();
    assertThat(indices(port, pod(onHost(2, RAIL, "10.20.0.5")))).containsExactly(2);
  }

  @Test
  void anEntryOfInfiniBandBelongsToNoNetdevAndCountsEverywhere() {
    GidEntry port = new GidEntry(0, Gid.parse("fe80::7"), GidType.IB, 0, "");

    assertThat(indices(port(List.of(port)), pod())).containsExactly(0);
  }

  @Test
  void whatNothingTellsApartIsAmbiguous() {
    // Two pods with link 2 and 10.20.0.5 on one rail: both entries could be this one's.
    Port port = port(POD, entry(7, "::ffff:10.20.0.5", 2, ""));
    List<GidEntry> eligible = Eligibility.entries(port, pod(onHost(2, RAIL, "10.20.0.5")));

    assertThat(eligible).extracting(GidEntry::index).containsExactly(2, 7);
    assertThat(
            GidSelector.select(
                eligible, new GidRule(GidType.ROCE_V2, IpFamily.IPV4, List.of(), false)))
        .isInstanceOf(GidSelection.Ambiguous.class);
  }

  @Test
  void aNodeAsAPodFindsIt() {
    Inventory node =
        new Inventory(
            List.of(
                new Device(
                    "rxe0",
                    "uverbs0",
                    new DeviceAttributes("rdma_rxe", "", "", "", "", "", -1),
                    List.of(port(POD)),
                    ReadBy.SYSFS)),
            List.of(UnreadDevice.refused("rxe1", "")),
            RdmaNamespaceMode.SHARED);

    Inventory seen = Eligibility.seenFrom(pod(onHost(2, RAIL, "10.20.0.5")), node);

    assertThat(seen.unread()).containsExactly("rxe1");
    assertThat(seen.namespaceMode()).isEqualTo(RdmaNamespaceMode.SHARED);
    assertThat(seen.devices().getFirst().readBy()).isEqualTo(ReadBy.SYSFS);
    Port port = seen.devices().getFirst().ports().getFirst();
    assertThat(port.netdev()).isEqualTo("net2");
    assertThat(port.gids()).containsExactly(entry(2, "::ffff:10.20.0.5", 2, "net2"));
    assertThat(port.podGids()).extracting(GidEntry::index).containsExactly(0, 1);
    assertThat(Eligibility.seenFrom(pod(), node).devices().getFirst().ports().getFirst().netdev())
        .isEmpty();
  }

  private static final GidEntry DEFAULT_OF_RAIL = entry(0, "fe80::1", RAIL, "rail0");

  private static List<Integer> indices(Port port, NamespaceView view) {
    return Eligibility.entries(port, view).stream().map(GidEntry::index).toList();
  }

  private static Port port(GidEntry... pods) {
    return port(List.of(DEFAULT_OF_RAIL, entry(1, "::ffff:10.10.0.1", RAIL, "rail0")), pods);
  }

  private static Port port(List<GidEntry> host, GidEntry... pods) {
    PortAttributes attributes =
        new PortAttributes("Ethernet", "ACTIVE", "LINK_UP", 1024, 100, 1024, "");
    return new Port(1, attributes, "rail0", host, List.of(pods));
  }

  private static GidEntry entry(int index, String gid, int ifindex, String netdev) {
    return new GidEntry(index, Gid.parse(gid), GidType.ROCE_V2, ifindex, netdev);
  }

  /** A pod beside a host with rail0 alone. */
  private static NamespaceView pod(NamespaceLink... links) {
    return view(List.of(links), RAIL0);
  }

  /** A pod beside a host whose rail0 is a port of bond0. */
  private static NamespaceView onBond(NamespaceLink... links) {
    return view(
        Arrays.asList(links),
        link(BOND, "bond0", 0, Place.HERE, 0),
        link(RAIL, "rail0", 0, Place.HERE, BOND));
  }

  private static NamespaceView view(List<NamespaceLink> pod, NamespaceLink... host) {
    return new NamespaceView(false, byIfindex(pod), byIfindex(List.of(host)));
  }

  private static Map<Integer, NamespaceLink> byIfindex(List<NamespaceLink> links) {
    Map<Integer, NamespaceLink> byIfindex = new HashMap<>();
    links.forEach(link -> byIfindex.put(link.ifindex(), link));
    return byIfindex;
  }

  /** A macvlan, ipvlan or VLAN in a pod, on a device of the host. */
  private static NamespaceLink onHost(int ifindex, int lower, String... addresses) {
    return link(ifindex, "net" + ifindex, lower, Place.HOST, 0, addresses);
  }

  private static NamespaceLink physical(int ifindex, long hardwareAddress, String... addresses) {
    return new NamespaceLink(
        ifindex, "net1", hardwareAddress, 0, Place.HERE, 0, gids(addresses), Set.of());
  }

  private static NamespaceLink link(
      int ifindex, String name, int lower, Place place, int master, String... addresses) {
    return new NamespaceLink(ifindex, name, 0, lower, place, master, gids(addresses), Set.of());
  }

  private static Set<Gid> gids(String... addresses) {
    Set<Gid> gids = new HashSet<>();
    for (String address : addresses) {
      gids.add(Gid.of(InetAddress.ofLiteral(address)));
    }
    return gids;
  }
}
