package io.rdmagid.deviceplugin.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidSelection;
import io.rdmagid.gid.GidType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PortTest {
  private static final PortAttributes ATTRIBUTES =
      new PortAttributes("Ethernet", "ACTIVE", "LINK_UP", 1024, 2.5, 1024, "");
  private static final Gid HERE = Gid.parse("::ffff:10.0.0.5");
  private static final Gid ELSEWHERE = Gid.parse("::ffff:192.168.0.9");
  private static final Map<Integer, Link> LINKS =
      Map.of(2, new Link(2, "eth0", 0, Set.of(HERE)), 3, new Link(3, "eth1", 0, Set.of()));

  private static PortEntry entry(int index, Gid gid, int ifindex) {
    return new PortEntry(1, index, gid, GidType.ROCE_V2, ifindex, "");
  }

  @Test
  void entriesAreSplitByNetworkNamespace() {
    Port port =
        Port.of(
            1,
            ATTRIBUTES,
            List.of(entry(7, HERE, 9), entry(3, HERE, 2), entry(1, ELSEWHERE, 8)),
            LINKS);

    assertThat(port.gids()).containsExactly(new GidEntry(3, HERE, GidType.ROCE_V2, 2, "eth0"));
    assertThat(port.podGidCount()).isEqualTo(2);
    assertThat(port.netdev()).isEqualTo("eth0");
  }

  @Test
  void theNumberOfALinkAloneProvesNothing() {
    Port port = Port.of(1, ATTRIBUTES, List.of(entry(1, ELSEWHERE, 2)), LINKS);

    assertThat(port.gids()).isEmpty();
    assertThat(port.podGidCount()).isEqualTo(1);
    assertThat(port.netdev()).isEmpty();
  }

  @Test
  void anEntryKnownByTheNameOfItsNetdevIsOursWhereTheLinkOfThatNameHoldsIt() {
    Port port =
        Port.of(
            1,
            ATTRIBUTES,
            List.of(
                named(0, HERE, "eth0"),
                named(1, ELSEWHERE, "eth0"),
                named(2, HERE, "eth1"),
                named(3, HERE, "net1")),
            LINKS);

    assertThat(port.gids()).containsExactly(new GidEntry(0, HERE, GidType.ROCE_V2, 2, "eth0"));
    assertThat(port.podGids())
        .containsExactly(
            new GidEntry(1, ELSEWHERE, GidType.ROCE_V2, 0, "eth0"),
            new GidEntry(2, HERE, GidType.ROCE_V2, 0, "eth1"),
            new GidEntry(3, HERE, GidType.ROCE_V2, 0, "net1"));
  }

  private static PortEntry named(int index, Gid gid, String netdev) {
    return new PortEntry(1, index, gid, GidType.ROCE_V2, 0, netdev);
  }

  @Test
  void anAddressThatCannotBeUsedNowIsNotPreferred() {
    Gid linkLocal = Gid.parse("fe80::5054:ff:fe00:12");
    Gid other = Gid.parse("2001:db8::5");
    List<PortEntry> entries = List.of(entry(0, linkLocal, 2), entry(1, HERE, 2));
    Set<Gid> addresses = Set.of(linkLocal, HERE, other);
    Port tentative =
        Port.of(1, ATTRIBUTES, entries, Map.of(2, new Link(2, "eth0", 0, addresses, Set.of(HERE))));

    assertThat(tentative.gids()).extracting(GidEntry::index).containsExactly(0, 1);
    assertThat(tentative.unusable()).containsExactly(1);
    assertThat(tentative.preferred())
        .isEqualTo(new GidSelection.NoMatch(GidSelection.Reason.NO_USABLE_ADDRESS, List.of()));

    Port beside =
        Port.of(
            1,
            ATTRIBUTES,
            List.of(entry(1, HERE, 2), entry(2, other, 2)),
            Map.of(2, new Link(2, "eth0", 0, addresses, Set.of(HERE))));
    assertThat(beside.preferred().selected()).map(GidEntry::index).hasValue(2);
  }

  @Test
  void aPortOfLinkLocalAddressesOnlySaysSo() {
    Gid linkLocal = Gid.parse("fe80::5054:ff:fe00:12");
    Map<Integer, Link> links =
        Map.of(2, new Link(2, "eth0", 0, Set.of(linkLocal), Set.of(linkLocal)));

    assertThat(Port.of(1, ATTRIBUTES, List.of(entry(0, linkLocal, 2)), links).preferred())
        .isEqualTo(new GidSelection.NoMatch(GidSelection.Reason.ONLY_LINK_LOCAL, List.of()));
  }

  @Test
  void anEntryWithoutNetdevIsOurs() {
    Port port = Port.of(1, ATTRIBUTES, List.of(entry(1, HERE, 2), entry(0, HERE, 0)), LINKS);

    assertThat(port.gids()).extracting(GidEntry::index).containsExactly(0, 1);
    assertThat(port.gids()).extracting(GidEntry::netdev).containsExactly("", "eth0");
    assertThat(port.netdev()).isEqualTo("eth0");
    assertThat(port.podGidCount()).isZero();
  }
}
