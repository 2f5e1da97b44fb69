package io.rdmagid.deviceplugin.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.DeviceAttributes;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.NamespaceLink;
import io.rdmagid.deviceplugin.inventory.NamespaceLook;
import io.rdmagid.deviceplugin.inventory.NamespaceView;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.inventory.RdmaNamespaceMode;
import io.rdmagid.deviceplugin.inventory.ReadBy;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamespaceReadingTest {
  private static final GidEntry HOST = entry(1, "::ffff:10.0.0.1", 3, "rail0");
  private static final GidEntry POD = entry(2, "::ffff:10.0.0.5", 2, "");
  private static final Inventory NODE =
      new Inventory(
          List.of(
              new Device(
                  "rxe0",
                  "uverbs0",
                  new DeviceAttributes("rdma_rxe", "", "", "", "", "", -1),
                  List.of(
                      new Port(
                          1,
                          new PortAttributes("Ethernet", "ACTIVE", "", 1024, 0, 16, ""),
                          "rail0",
                          List.of(entry(0, "fe80::1", 3, "rail0"), HOST),
                          List.of(POD))),
                  ReadBy.RECORDING)),
          List.of(),
          RdmaNamespaceMode.SHARED);

  @Test
  void inSharedModeTheEntriesAreSortedByWhatTheNamespaceHas() {
    NamespaceLink net1 =
        new NamespaceLink(
            2, "net1", 0, 3, NamespaceLink.Place.HOST, 0, Set.of(POD.gid()), Set.of());
    NamespaceLink rail0 =
        new NamespaceLink(
            3, "rail0", 0, 0, NamespaceLink.Place.HERE, 0, Set.of(HOST.gid()), Set.of());
    OneReading.Result result =
        seenFrom(
            new NamespaceLook.Seen(new NamespaceView(false, Map.of(2, net1), Map.of(3, rail0))));

    assertThat(result).isInstanceOf(OneReading.Result.Read.class);
    OneReading.Result.Read read = (OneReading.Result.Read) result;
    assertThat(read.refusals()).containsExactly("rxe1: refused");
    assertThat(read.inventory().devices().getFirst().ports().getFirst().gids())
        .containsExactly(entry(2, "::ffff:10.0.0.5", 2, "net1"));
  }

  @Test
  void whatCannotBeLookedIntoIsWrongOrRefused() {
    assertThat(unseen(NamespaceLook.Why.GONE))
        .isEqualTo(new OneReading.Result.Invalid(List.of("there is none: why")));
    assertThat(unseen(NamespaceLook.Why.NO_NAMESPACE))
        .isEqualTo(new OneReading.Result.Invalid(List.of("it is no network namespace: why")));
    assertThat(unseen(NamespaceLook.Why.REFUSED))
        .isInstanceOfSatisfying(
            OneReading.Result.Refused.class,
            refused ->
                assertThat(refused.reason()).startsWith("why; run as root").contains("CAP_SYS"));
  }

  @Test
  void whatAProcessInsideWroteIsWhatItRead() {
    assertThat(NamespaceReading.result(NamespaceReading.document(NODE), List.of("rxe1: refused")))
        .isEqualTo(new OneReading.Result.Read(NODE, List.of("rxe1: refused"), Map.of()));
    assertThat(NamespaceReading.result("{\"version\": 7}", List.of()))
        .isInstanceOf(OneReading.Result.Invalid.class);
  }

  @Test
  void withoutExclusiveModeNobodyReadsInside(@TempDir Path sysfs) {
    assertThat(
            NamespaceReading.read(
                Path.of("/run/netns/no-such"),
                sysfs,
                _ -> {
                  throw new AssertionError("asked");
                }))
        .isNotInstanceOf(OneReading.Result.Read.class);
  }

  /** Nobody else can open what belongs to it; who reads its own has no need of another process. */
  @Test
  void inExclusiveModeAnotherNamespaceIsReadFromInside(@TempDir Path sysfs) {
    OneReading.Result inside = new OneReading.Result.Read(NODE, List.of(), Map.of());
    List<Path> asked = new ArrayList<>();
    for (Path namespace : List.of(Path.of("/run/netns/no-such"), Path.of("/proc/self/ns/net"))) {
      OneReading.Result result =
          NamespaceReading.read(
              namespace,
              sysfs,
              file -> {
                asked.add(file);
                return inside;
              },
              () -> RdmaNamespaceMode.EXCLUSIVE);
      assertThat(result.equals(inside)).isEqualTo(namespace.startsWith("/run"));
    }
    assertThat(asked).containsExactly(Path.of("/run/netns/no-such"));
  }

  private static OneReading.Result unseen(NamespaceLook.Why why) {
    return seenFrom(new NamespaceLook.Unseen(why, "why"));
  }

  private static OneReading.Result seenFrom(NamespaceLook look) {
    return NamespaceReading.seenFrom(
        look, new OneReading.Result.Read(NODE, List.of("rxe1: refused"), Map.of()));
  }

  private static GidEntry entry(int index, String gid, int ifindex, String netdev) {
    return new GidEntry(index, Gid.parse(gid), GidType.ROCE_V2, ifindex, netdev);
  }
}
