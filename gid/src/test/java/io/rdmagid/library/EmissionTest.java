package io.rdmagid.library;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidSelection;
import io.rdmagid.gid.GidSelector;
import io.rdmagid.gid.GidType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is emitted for a library, and where it lands with that. */
class EmissionTest {
  private static final int SLOTS = 16;

  /** The libraries that read variables. */
  private static final List<Library> TOLD =
      Libraries.ALL.stream().filter(library -> !(library instanceof Perftest)).toList();

  @Test
  void oneIndexIsToldAsANumber() {
    List<ChosenPort> ports = List.of(port("mlx5_0", 3, "10.1.0.5"), port("mlx5_1", 3, "10.2.0.5"));
    assertThat(emitted(ports))
        .containsOnly(
            entry("NCCL_IB_HCA", "=mlx5_0:1,mlx5_1:1"),
            entry("NCCL_IB_GID_INDEX", "3"),
            entry("UCX_NET_DEVICES", "mlx5_0:1,mlx5_1:1"),
            entry("UCX_IB_GID_INDEX", "3"),
            entry("NVSHMEM_ENABLE_NIC_PE_MAPPING", "1"),
            entry("NVSHMEM_HCA_LIST", "mlx5_0:1,mlx5_1:1"),
            entry("NVSHMEM_IB_GID_INDEX", "3"),
            entry("MC_GID_INDEX", "3"),
            entry("MC_IB_PORT", "1"),
            entry("MC_MS_FILTERS", "mlx5_0,mlx5_1"),
            entry("MOONCAKE_DEVICE", "mlx5_0,mlx5_1"));
  }

  @Test
  void whereIndicesDifferWhatTheLibrariesGoByIsTold() {
    List<ChosenPort> ports = List.of(port("mlx5_0", 3, "10.1.0.5"), port("mlx5_1", 5, "10.2.0.5"));
    assertThat(emitted(ports))
        .containsOnly(
            entry("NCCL_IB_HCA", "=mlx5_0:1,mlx5_1:1"),
            entry("NCCL_IB_ADDR_FAMILY", "AF_INET"),
            entry("NCCL_IB_ADDR_RANGE", "10.0.0.0/14"),
            entry("NCCL_IB_ROCE_VERSION_NUM", "2"),
            entry("UCX_NET_DEVICES", "mlx5_0:1,mlx5_1:1"),
            entry("UCX_IB_ROCE_SUBNETS", "10.1.0.5/32,10.2.0.5/32"),
            entry("NVSHMEM_ENABLE_NIC_PE_MAPPING", "1"),
            entry("NVSHMEM_HCA_LIST", "mlx5_0:1,mlx5_1:1"),
            entry("NVSHMEM_IB_ADDR_FAMILY", "AF_INET"),
            entry("NVSHMEM_IB_ADDR_RANGE", "10.0.0.0/14"),
            entry("NVSHMEM_IB_ROCE_VERSION_NUM", "2"),
            entry("MC_IB_PORT", "1"),
            entry("MC_MS_FILTERS", "mlx5_0,mlx5_1"),
            entry("MOONCAKE_DEVICE", "mlx5_0,mlx5_1"));
  }

  /** NVSHMEM leaves out a device whose name lacks one text. */
  @Test
  void devicesOfAnotherNameThanMlx5AreToldByWhatTheirNamesHaveInCommon() {
    assertThat(hcaPrefix("bnxt_re0", "bnxt_re1")).isEqualTo("bnxt_re");
    assertThat(hcaPrefix("rxe10")).isEqualTo("rxe");
    assertThat(hcaPrefix("ibp24s0", "ibp24s1", "ibp3s0")).isEqualTo("ibp");
    assertThat(hcaPrefix("mlx5_0", "mlx5_bond_0")).as("the usual one").isNull();
    assertThat(hcaPrefix("bnxt_re0", "mlx5_0")).as("nothing in common").isNull();
    assertThat(hcaPrefix("7")).as("no empty value").isNull();
  }

  private static String hcaPrefix(String... devices) {
    return new Nvshmem()
        .emit(Arrays.stream(devices).map(device -> port(device, 3, "10.1.0.5")).toList())
        .get("NVSHMEM_HCA_PREFIX");
  }

  @Test
  void mooncakeIsToldAPortNumberThatIsRightOnAllDevices() {
    GidEntry entry = new GidEntry(3, Gid.parse("::ffff:10.1.0.5"), GidType.ROCE_V2, 2, "eth1");
    List<ChosenPort> second =
        List.of(
            new ChosenPort("d0", 2, 3, entry.gid(), entry.type()),
            new ChosenPort("d1", 2, 3, entry.gid(), entry.type()));
    List<ChosenPort> both = List.of(port("d0", 3, "10.1.0.6"), second.getFirst());
    Mooncake mooncake = new Mooncake(Mooncake.Engine.CLASSIC);

    assertThat(mooncake.emit(second)).containsEntry("MC_IB_PORT", "2");
    assertThat(mooncake.emit(both))
        .doesNotContainKey("MC_IB_PORT")
        .containsEntry("MOONCAKE_DEVICE", "d0");
  }

  /** In front of each chosen entry stands one that the libraries would take by themselves. */
  @Test
  void whatIsToldKeepsThemFromOtherAddresses() {
    List<Library> libraries = List.of(new Nccl(), new Ucx(), new Nvshmem());
    GidEntry stranger = new GidEntry(1, Gid.parse("::ffff:172.31.0.1"), GidType.ROCE_V2, 2, "eth1");
    List<ChosenPort> ports = List.of(port("d0", 3, "10.1.0.5"), port("d1", 5, "10.2.0.5"));
    for (ChosenPort port : ports) {
      GidEntry chosen = new GidEntry(port.index(), port.gid(), port.type(), 2, "eth1");
      GidEntry first = new GidEntry(0, Gid.parse("fe80::1"), GidType.ROCE_V2, 2, "eth1");
      GidTable table = new GidTable(false, SLOTS, List.of(first, stranger, chosen), Set.of());
      for (Library library : libraries) {
        assertThat(library.landsOn(port, table, Map.of())).as("%s untold", library).isFalse();
        assertThat(library.landsOn(port, table, library.emit(ports)))
            .as("%s told", library)
            .isTrue();
      }
    }
  }

  /** What goes by addresses is said of the RoCE ports, wherever they stand. */
  @Test
  void anInfiniBandPortBesideChangesNothingForTheOthers() {
    ChosenPort ib = new ChosenPort("ib0", 1, 0, Gid.parse("fe80::1"), GidType.IB);
    ChosenPort roce = port("mlx5_0", 3, "10.1.0.5");

    assertThat(emitted(List.of(ib, roce)))
        .containsEntry("NCCL_IB_ADDR_RANGE", "10.1.0.5/32")
        .containsEntry("UCX_IB_ROCE_SUBNETS", "10.1.0.5/32")
        .containsEntry("NVSHMEM_IB_ADDR_FAMILY", "AF_INET");
  }

  /** One port: all libraries that are told an index take it, unless the table forbids them to. */
  @ParameterizedTest
  @MethodSource("io.rdmagid.library.Vector#all")
  void theIndexOfOnePortIsTakenUnlessTheLibraryCannot(Vector vector) {
    if (!(GidSelector.select(vector.entries()) instanceof GidSelection.Selected(GidEntry entry))) {
      return;
    }
    ChosenPort port = new ChosenPort("d", 1, entry.index(), entry.gid(), entry.type());
    Set<String> elsewhere = new HashSet<>();
    for (Library library : TOLD) {
      if (!library.landsOn(port, vector.table(), library.emit(List.of(port)))) {
        elsewhere.add(library.name());
      }
    }
    Set<String> allowed = new HashSet<>();
    if (vector.infiniBand()) {
      allowed.add("nccl"); // which takes no number there
    }
    if (entry.gid().low() == 0) {
      allowed.add("ucx"); // which leaves out a port whose GID has no interface id
    }
    if (entry.index() > 255) {
      allowed.add("mooncake"); // whose numbers end there
    }
    assertThat(elsewhere).isSubsetOf(allowed);
  }

  /** Two ports of ordinary tables that need different indices. */
  @Property
  void withDifferentIndicesTheyLandOnTheChosenEntries(
      @ForAll("tables") List<GidEntry> one, @ForAll("tables") List<GidEntry> other) {
    List<List<GidEntry>> tables = List.of(one, other);
    List<ChosenPort> ports = new ArrayList<>();
    for (List<GidEntry> table : tables) {
      if (GidSelector.select(table) instanceof GidSelection.Selected(GidEntry entry)) {
        ports.add(new ChosenPort("d" + ports.size(), 1, entry.index(), entry.gid(), entry.type()));
      }
    }
    assertThat(ports).hasSize(2);
    for (Library library : List.of(new Nccl(), new Ucx(), new Nvshmem())) {
      Map<String, String> told = library.emit(ports);
      for (int i = 0; i < ports.size(); i++) {
        GidTable table = new GidTable(false, SLOTS, tables.get(i), Set.of());
        assertThat(library.landsOn(ports.get(i), table, told))
            .as("%s told %s on %s", library, told, tables.get(i))
            .isTrue();
      }
    }
  }

  /**
   * Whatever the tables: a library that is told of ports lands on the entry chosen, or it is
   * reported.
   */
  @Property
  void whoeverDoesNotLandIsReported(
      @ForAll @Size(min = 1, max = 3) List<@From("anyTables") List<GidEntry>> tables) {
    List<ToldPort> program = new ArrayList<>();
    List<GidTable> chosenIn = new ArrayList<>();
    for (List<GidEntry> table : tables) {
      if (GidSelector.select(table) instanceof GidSelection.Selected(GidEntry entry)) {
        ChosenPort port =
            new ChosenPort("d" + program.size(), 1, entry.index(), entry.gid(), entry.type());
        program.add(new ToldPort(port, LibrarySetup.ALL));
        chosenIn.add(new GidTable(false, SLOTS, table, Set.of()));
      }
    }
    List<ChosenPort> ports = program.stream().map(ToldPort::port).toList();
    for (int i = 0; i < program.size(); i++) {
      List<String> reported =
          Libraries.elsewhere(program, program.get(i), chosenIn.get(i)).stream()
              .map(Elsewhere::library)
              .toList();
      for (Library library : TOLD) {
        boolean lands = library.landsOn(ports.get(i), chosenIn.get(i), library.emit(ports));
        assertThat(reported.contains(library.name()))
            .as("%s of %s on %s", library, ports, tables)
            .isNotEqualTo(lands);
      }
    }
  }

  /** Its options in place of variables, which are the same for the old and the new choice. */
  @Property
  void perftestTakesTheEntryThatItsOptionsName(@ForAll("anyTables") List<GidEntry> table) {
    for (GidEntry entry : table) {
      ChosenPort port = new ChosenPort("d0", 2, entry.index(), entry.gid(), entry.type());
      boolean infiniBand = entry.type() == GidType.IB;
      Optional<String> options = Perftest.options(port);

      assertThat(options.isPresent()).isNotEqualTo(infiniBand);
      options.ifPresent(told ->
          assertThat(
                  Perftest.of(told)
                      .landsOn(port, new GidTable(false, SLOTS, table, Set.of()), Map.of()))
              .as("%s on %s", told, table)
              .isTrue());
    }
  }

  @Test
  void perftestCannotBeToldAnIndexBeyondItsOwnBound() {
    assertThat(Perftest.options(port("mlx5_0", 64, "10.1.0.5"))).contains("-d mlx5_0 -i 1 -x 64");
    assertThat(Perftest.options(port("mlx5_0", 65, "10.1.0.5"))).isEmpty();
  }

  /** Of both families and of all types, link-local, of other networks and some of them twice. */
  @Provide
  Arbitrary<List<GidEntry>> anyTables() {
    Arbitrary<Gid> gids =
        Arbitraries.of(
                "fe80::1",
                "fe80::2",
                "fd00::1",
                "2001:db8::7",
                "::ffff:10.0.0.1",
                "::ffff:10.0.0.2",
                "::ffff:192.168.0.1",
                "::ffff:100.64.0.1",
                "::ffff:169.254.0.1")
            .map(Gid::parse);
    return Combinators.combine(
            gids, Arbitraries.of(GidType.class), Arbitraries.integers().between(0, 3))
        .as((gid, type, ifindex) -> new GidEntry(0, gid, type, ifindex, "eth" + ifindex))
        .list()
        .ofMinSize(1)
        .ofMaxSize(6)
        .flatMap(rows ->
            Arbitraries.integers()
                .between(0, SLOTS - 1)
                .set()
                .ofSize(rows.size())
                .map(slots -> inSlots(rows, slots)));
  }

  private static List<GidEntry> inSlots(List<GidEntry> rows, Set<Integer> slots) {
    List<GidEntry> entries = new ArrayList<>();
    Iterator<Integer> free = slots.iterator();
    for (GidEntry row : rows) {
      entries.add(new GidEntry(free.next(), row.gid(), row.type(), row.ifindex(), row.netdev()));
    }
    return entries;
  }

  /**
   * Slot 0 a default GID, as on every netdev; behind it v1 and v2 pairs over IPv4, from whatever
   * slot on, each address once.
   */
  @Provide
  Arbitrary<List<GidEntry>> tables() {
    return Arbitraries.integers()
        .between(1, 200)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4)
        .uniqueElements()
        .flatMap(hosts ->
            Arbitraries.integers()
                .between(1, SLOTS - 2 * hosts.size())
                .map(start -> table(hosts, start)));
  }

  private static List<GidEntry> table(List<Integer> hosts, int start) {
    List<GidEntry> entries = new ArrayList<>();
    entries.add(new GidEntry(0, Gid.parse("fe80::1"), GidType.ROCE_V2, 2, "eth1"));
    int index = start;
    for (int host : hosts) {
      Gid gid = Gid.parse("::ffff:10.0.0." + host);
      entries.add(new GidEntry(index++, gid, GidType.ROCE_V1, 2, "eth1"));
      entries.add(new GidEntry(index++, gid, GidType.ROCE_V2, 2, "eth1"));
    }
    return entries;
  }

  private static Map<String, String> emitted(List<ChosenPort> ports) {
    Map<String, String> all = new TreeMap<>();
    Libraries.ALL.forEach(library -> all.putAll(library.emit(ports)));
    return all;
  }

  private static ChosenPort port(String device, int index, String address) {
    return new ChosenPort(device, 1, index, Gid.parse("::ffff:" + address), GidType.ROCE_V2);
  }
}
