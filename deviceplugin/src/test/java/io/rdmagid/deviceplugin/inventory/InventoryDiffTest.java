package io.rdmagid.deviceplugin.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.inventory.InventoryChange.AttributesChanged;
import io.rdmagid.deviceplugin.inventory.InventoryChange.DeviceAdded;
import io.rdmagid.deviceplugin.inventory.InventoryChange.DeviceRemoved;
import io.rdmagid.deviceplugin.inventory.InventoryChange.DeviceUnread;
import io.rdmagid.deviceplugin.inventory.InventoryChange.Entry;
import io.rdmagid.deviceplugin.inventory.InventoryChange.EntryAdded;
import io.rdmagid.deviceplugin.inventory.InventoryChange.EntryMoved;
import io.rdmagid.deviceplugin.inventory.InventoryChange.EntryRemoved;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class InventoryDiffTest {
  private static final DeviceAttributes DEVICE =
      new DeviceAttributes("rdma_rxe", "", "", "", "", "", -1);

  private static Gid gid(int number) {
    return new Gid(0, 0xffff_0a00_0000L | number);
  }

  private static GidEntry entry(int index, int number) {
    return new GidEntry(index, gid(number), GidType.ROCE_V2, 2, "eth0");
  }

  private static Device device(String name, String state, GidEntry... entries) {
    PortAttributes attributes = new PortAttributes("Ethernet", state, "", 1024, 2.5, 1024, "");
    return new Device(
        name,
        "uverbs0",
        DEVICE,
        List.of(new Port(1, attributes, "eth0", List.of(entries), List.of())));
  }

  private static Inventory inventory(Device... devices) {
    return new Inventory(List.of(devices));
  }

  @Test
  void anEntryInAnotherSlotIsMovedNotRemovedAndAdded() {
    assertThat(
            InventoryDiff.between(
                inventory(device("rxe0", "ACTIVE", entry(1, 5), entry(2, 6))),
                inventory(device("rxe0", "ACTIVE", entry(1, 6), entry(2, 5)))))
        .containsExactly(
            new EntryMoved(new Entry("rxe0", 1, gid(5), GidType.ROCE_V2, 2, false), 1, 2),
            new EntryMoved(new Entry("rxe0", 1, gid(6), GidType.ROCE_V2, 2, false), 2, 1));
  }

  @Test
  void entriesComeAndGo() {
    assertThat(
            InventoryDiff.between(
                inventory(device("rxe0", "ACTIVE", entry(1, 5))),
                inventory(device("rxe0", "ACTIVE", entry(1, 6)))))
        .containsExactly(
            new EntryRemoved(new Entry("rxe0", 1, gid(5), GidType.ROCE_V2, 2, false), 1),
            new EntryAdded(new Entry("rxe0", 1, gid(6), GidType.ROCE_V2, 2, false), 1));
  }

  @Test
  void aDeviceThatCannotBeReadIsNotRemoved() {
    Inventory denied = unread("access denied");

    assertThat(InventoryDiff.between(inventory(device("rxe0", "ACTIVE")), denied))
        .containsExactly(new DeviceUnread("rxe0", "access denied"));
    assertThat(InventoryDiff.between(inventory(), denied))
        .containsExactly(new DeviceUnread("rxe0", "access denied"));
    assertThat(InventoryDiff.between(denied, unread("access denied"))).isEmpty();
    assertThat(InventoryDiff.between(denied, unread("no provider")))
        .containsExactly(new DeviceUnread("rxe0", "no provider"));
    assertThat(InventoryDiff.between(denied, inventory(device("rxe0", "ACTIVE"))))
        .containsExactly(new DeviceAdded("rxe0"));
    assertThat(InventoryDiff.between(denied, inventory()))
        .containsExactly(new DeviceRemoved("rxe0"));
  }

  private static Inventory unread(String reason) {
    return new Inventory(List.of(), List.of(UnreadDevice.refused("rxe0", reason)));
  }

  @Test
  void entriesOfPodsComeGoAndMoveToo() {
    GidEntry before = new GidEntry(4, gid(7), GidType.ROCE_V2, 3, "");
    GidEntry after = new GidEntry(5, gid(7), GidType.ROCE_V2, 3, "");

    assertThat(between(List.of(), List.of(), List.of(), List.of(before)))
        .containsExactly(new EntryAdded(new Entry("rxe0", 1, gid(7), GidType.ROCE_V2, 3, true), 4));
    assertThat(between(List.of(), List.of(before), List.of(), List.of(after)))
        .containsExactly(
            new EntryMoved(new Entry("rxe0", 1, gid(7), GidType.ROCE_V2, 3, true), 4, 5));
    assertThat(between(List.of(), List.of(before), List.of(before), List.of()))
        .containsExactly(
            new EntryAdded(new Entry("rxe0", 1, gid(7), GidType.ROCE_V2, 3, false), 4),
            new EntryRemoved(new Entry("rxe0", 1, gid(7), GidType.ROCE_V2, 3, true), 4));
  }

  private static List<InventoryChange> between(
      List<GidEntry> before,
      List<GidEntry> podsBefore,
      List<GidEntry> after,
      List<GidEntry> podsAfter) {
    return InventoryDiff.between(
        inventory(device(before, podsBefore)), inventory(device(after, podsAfter)));
  }

  private static Device device(List<GidEntry> entries, List<GidEntry> pods) {
    PortAttributes attributes = new PortAttributes("Ethernet", "ACTIVE", "", 0, 0, 16, "");
    return new Device(
        "rxe0", "uverbs0", DEVICE, List.of(new Port(1, attributes, "eth0", entries, pods)));
  }

  /** Sysfs names netdevs and does not number them: two pods' may look the same. */
  @Test
  void entriesThatLookTheSameArePairedInTheirOrder() {
    assertThat(between(List.of(), named(2, 4, 6), List.of(), named(4, 5)))
        .containsExactly(
            new EntryMoved(new Entry("rxe0", 1, gid(7), GidType.ROCE_V2, 0, true), 2, 5),
            new EntryRemoved(new Entry("rxe0", 1, gid(7), GidType.ROCE_V2, 0, true), 6));
  }

  private static List<GidEntry> named(int... indices) {
    return IntStream.of(indices)
        .mapToObj(index -> new GidEntry(index, gid(7), GidType.ROCE_V2, 0, "net1"))
        .toList();
  }

  @Test
  void aNetdevThatGetsAnotherNameIsAChangeOfItsEntries() {
    GidEntry renamed = new GidEntry(1, gid(5), GidType.ROCE_V2, 2, "ens1");

    assertThat(between(List.of(entry(1, 5)), List.of(), List.of(renamed), List.of()))
        .containsExactly(new AttributesChanged("rxe0", 1, "index 1 on eth0", "index 1 on ens1"));
  }

  @Test
  void anAddressThatBecomesUsableIsAChange() {
    List<GidEntry> table = List.of(entry(1, 5));
    PortAttributes attributes = new PortAttributes("Ethernet", "ACTIVE", "", 0, 0, 16, "");
    Port tentative = new Port(1, attributes, "eth0", table, List.of(), Set.of(1));

    assertThat(
            InventoryDiff.between(
                inventory(new Device("rxe0", "uverbs0", DEVICE, List.of(tentative))),
                inventory(device(table, List.of()))))
        .containsExactly(new AttributesChanged("rxe0", 1, "unusable now [1]", "unusable now []"));
  }

  @Test
  void devicesAndPortsChangeApartFromTheirTables() {
    Device before = device(List.of(), List.of());
    Port second =
        new Port(
            2, new PortAttributes("Ethernet", "DOWN", "", 0, 0, 16, ""), "", List.of(), List.of());
    Device after =
        new Device(
            "rxe0",
            "uverbs7",
            DeviceAttributes.UNKNOWN,
            List.of(
                new Port(
                    1,
                    new PortAttributes("Ethernet", "ACTIVE", "", 0, 0, 16, "RoCE v1"),
                    "ens1",
                    List.of(),
                    List.of()),
                second));

    assertThat(InventoryDiff.between(inventory(before), inventory(after)))
        .extracting(InventoryChange::toString)
        .satisfiesExactly(
            change -> assertThat(change).startsWith("rxe0 changed from ").contains("rdma_rxe"),
            change -> assertThat(change).isEqualTo("rxe0 changed from uverbs0 to uverbs7"),
            change -> assertThat(change).isEqualTo("rxe0 changed from ports [1] to ports [1, 2]"),
            change -> assertThat(change).startsWith("rxe0/1 changed from ").contains("RoCE v1"),
            change ->
                assertThat(change).isEqualTo("rxe0/1 changed from netdev eth0 to netdev ens1"));
  }

  @Test
  void aDifferenceHasTheTimesOfEventAndReading() {
    Instant eventAt = Instant.parse("2026-01-01T00:00:00Z");
    Instant readAt = eventAt.plusMillis(3);

    assertThat(InventoryDiff.of(inventory(), inventory(device("a", "INIT")), eventAt, readAt))
        .isEqualTo(new InventoryDiff(List.of(new DeviceAdded("a")), eventAt, readAt));
  }

  @Test
  void anotherWayOfReadingIsNoChange() {
    Device before = device("rxe0", "ACTIVE", entry(1, 5));
    Device after =
        new Device(
            before.name(), before.uverbs(), before.attributes(), before.ports(), ReadBy.SYSFS);

    assertThat(InventoryDiff.between(inventory(before), inventory(after))).isEmpty();
  }

  @Test
  void devicesComeAndGo() {
    assertThat(
            InventoryDiff.between(
                inventory(device("rxe0", "ACTIVE"), device("rxe1", "ACTIVE")),
                inventory(device("rxe1", "ACTIVE"), device("rxe2", "ACTIVE"))))
        .containsExactly(new DeviceRemoved("rxe0"), new DeviceAdded("rxe2"));
  }

  @Test
  void aPortThatGoesDownIsAChange() {
    assertThat(
            InventoryDiff.between(
                inventory(device("rxe0", "ACTIVE")), inventory(device("rxe0", "DOWN"))))
        .singleElement()
        .isInstanceOfSatisfying(
            AttributesChanged.class,
            change -> {
              assertThat(change.port()).isEqualTo(1);
              assertThat(change.after()).contains("DOWN");
            });
  }

  @Property
  void equalInventoriesDoNotDiffer(@ForAll("tables") List<GidEntry> table, @ForAll Random random) {
    GidEntry[] entries = table.toArray(GidEntry[]::new);
    List<Device> devices =
        new ArrayList<>(
            List.of(
                device("rxe0", "ACTIVE", entries), device("rxe1", "DOWN"), device("a", "INIT")));
    Inventory inventory = new Inventory(devices);
    Collections.shuffle(devices, random);

    assertThat(InventoryDiff.between(inventory, new Inventory(devices))).isEmpty();
  }

  @Property
  void theChangesLeadFromOneTableToTheOther(
      @ForAll("tables") List<GidEntry> before, @ForAll("tables") List<GidEntry> after) {
    Map<Gid, Integer> slots = new TreeMap<>();
    before.forEach(entry -> slots.put(entry.gid(), entry.index()));
    for (InventoryChange change :
        InventoryDiff.between(
            inventory(device("rxe0", "ACTIVE", before.toArray(GidEntry[]::new))),
            inventory(device("rxe0", "ACTIVE", after.toArray(GidEntry[]::new))))) {
      switch (change) {
        case EntryAdded added -> assertThat(slots.put(added.entry().gid(), added.index())).isNull();
        case EntryRemoved removed ->
            assertThat(slots.remove(removed.entry().gid())).isEqualTo(removed.index());
        case EntryMoved moved ->
            assertThat(slots.put(moved.entry().gid(), moved.to())).isEqualTo(moved.from());
        default -> throw new AssertionError("not a change of a table: " + change);
      }
    }
    Map<Gid, Integer> wanted = new TreeMap<>();
    after.forEach(entry -> wanted.put(entry.gid(), entry.index()));
    assertThat(slots).isEqualTo(wanted);
  }

  @Provide
  Arbitrary<List<GidEntry>> tables() {
    return Arbitraries.integers()
        .between(0, 12)
        .list()
        .uniqueElements()
        .ofMaxSize(8)
        .map(numbers -> {
          List<GidEntry> table = new ArrayList<>();
          for (int number : numbers) {
            table.add(entry(table.size(), number));
          }
          return table;
        });
  }
}
