package io.rdmagid.library;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the libraries of a program are told, together. */
class SettingsTest {
  private static final LibrarySetup MARKED = new LibrarySetup(Set.of(), OptionalInt.of(104));

  @Test
  void whatFilesCarryIsApartFromWhatOnlyVariablesCarry() {
    Settings settings = Settings.of(List.of(port("mlx5_0", 3, MARKED), port("mlx5_1", 3, MARKED)));

    assertThat(settings.nccl())
        .containsOnly(
            entry("NCCL_IB_HCA", "=mlx5_0:1,mlx5_1:1"),
            entry("NCCL_IB_GID_INDEX", "3"),
            entry("NCCL_IB_TC", "104"));
    assertThat(settings.ucx())
        .containsOnly(
            entry("UCX_NET_DEVICES", "mlx5_0:1,mlx5_1:1"),
            entry("UCX_IB_GID_INDEX", "3"),
            entry("UCX_IB_TRAFFIC_CLASS", "104"));
    assertThat(settings.others())
        .containsOnly(
            entry("NVSHMEM_ENABLE_NIC_PE_MAPPING", "1"),
            entry("NVSHMEM_HCA_LIST", "mlx5_0:1,mlx5_1:1"),
            entry("NVSHMEM_IB_GID_INDEX", "3"),
            entry("NVSHMEM_IB_TRAFFIC_CLASS", "104"),
            entry("MC_GID_INDEX", "3"),
            entry("MC_IB_PORT", "1"),
            entry("MC_MS_FILTERS", "mlx5_0,mlx5_1"),
            entry("MOONCAKE_DEVICE", "mlx5_0,mlx5_1"),
            entry("MC_IB_TC", "104"),
            entry("FI_VERBS_GID_IDX", "3"),
            entry("MSCCLPP_IB_GID_INDEX", "3"),
            entry("MSCCLPP_HCA_DEVICES", "mlx5_0,mlx5_1"),
            entry("UCCL_IB_GID_INDEX", "3"),
            entry("UCCL_IB_TC", "104"));
    assertThat(settings.all()).hasSize(20);
  }

  /** One number would be wrong on a port; those that take nothing else are left alone. */
  @Test
  void whereIndicesDifferALibraryOfOneNumberIsToldNone() {
    Settings settings =
        Settings.of(
            List.of(port("mlx5_0", 3, LibrarySetup.ALL), port("mlx5_1", 5, LibrarySetup.ALL)));

    assertThat(settings.all())
        .doesNotContainKeys(
            "NCCL_IB_GID_INDEX",
            "UCX_IB_GID_INDEX",
            "NVSHMEM_IB_GID_INDEX",
            "MC_GID_INDEX",
            "FI_VERBS_GID_IDX",
            "MSCCLPP_IB_GID_INDEX",
            "UCCL_IB_GID_INDEX")
        .containsEntry("MSCCLPP_HCA_DEVICES", "mlx5_0,mlx5_1");
  }

  /** Nor can Mooncake, which ranks addresses of 10/8 behind others by itself. */
  @Test
  void mooncakeThatCannotBeToldIsReportedWhereItTakesAnother() {
    ToldPort first = port("mlx5_0", 3, LibrarySetup.ALL);
    ToldPort second = port("mlx5_1", 5, LibrarySetup.ALL);
    List<ToldPort> program = List.of(first, second);
    GidEntry ours = new GidEntry(5, second.port().gid(), second.port().type(), 2, "eth1");
    GidEntry other = new GidEntry(7, Gid.parse("::ffff:192.168.0.1"), GidType.ROCE_V2, 2, "eth1");

    assertThat(elsewhere(program, second, List.of(ours))).doesNotContain("mooncake");
    assertThat(elsewhere(program, second, List.of(ours, other))).contains("mooncake");
    assertThat(elsewhere(List.of(second), second, List.of(ours, other))).isEmpty();
  }

  private static List<String> elsewhere(
      List<ToldPort> program, ToldPort port, List<GidEntry> entries) {
    GidTable table = new GidTable(false, 16, entries, Set.of());
    return Libraries.elsewhere(program, port, table).stream().map(Elsewhere::library).toList();
  }

  /** It takes slot 0 then, which is reported; what libfabric and UCCL take nobody knows. */
  @Test
  void mscclppThatCannotBeToldIsReportedWhereItTakesAnother() {
    ToldPort first = port("mlx5_0", 0, LibrarySetup.ALL);
    ToldPort second = port("mlx5_1", 5, LibrarySetup.ALL);
    List<ToldPort> program = List.of(first, second);
    GidTable table = new GidTable(false, 16, List.of(), Set.of());

    assertThat(Libraries.elsewhere(program, second, table))
        .extracting(Elsewhere::library)
        .contains("mscclpp")
        .doesNotContain("libfabric", "uccl");
    assertThat(Libraries.elsewhere(program, first, table))
        .extracting(Elsewhere::library)
        .doesNotContain("mscclpp");
  }

  @Test
  void aPoolThatNamesLibrariesLeavesTheOthersAlone() {
    LibrarySetup ucx = new LibrarySetup(Set.of("ucx", "something-new"), OptionalInt.empty());

    assertThat(Settings.of(List.of(port("mlx5_0", 3, ucx))).all())
        .containsOnly(entry("UCX_NET_DEVICES", "mlx5_0:1"), entry("UCX_IB_GID_INDEX", "3"));
  }

  @Test
  void rcclIsNccl() {
    LibrarySetup rccl = new LibrarySetup(Set.of("rccl"), OptionalInt.empty());

    assertThat(Settings.of(List.of(port("bnxt_re0", 3, rccl))).all())
        .containsOnly(entry("NCCL_IB_HCA", "=bnxt_re0:1"), entry("NCCL_IB_GID_INDEX", "3"));
  }

  /** A part of ours beside a part of the author's: UCX does not start with an index and subnets. */
  @Test
  void aLibraryThatTheAuthorTellsIsLeftAlone() {
    LibrarySetup steered = MARKED.steered(Set.of("ucx", "nvshmem"));
    Settings settings = Settings.of(List.of(port("mlx5_0", 3, steered)));

    assertThat(settings.ucx()).isEmpty();
    assertThat(settings.others().keySet()).noneMatch(name -> name.startsWith("NVSHMEM_"));
    assertThat(settings.nccl()).containsEntry("NCCL_IB_GID_INDEX", "3");
  }

  /** The file env would replace it, in a shell that reads that. */
  @Test
  void aTrafficClassThatTheAuthorSetsIsLeftAlone() {
    LibrarySetup pool = new LibrarySetup(Set.of(), OptionalInt.of(104));
    Settings settings = Settings.of(List.of(port("mlx5_0", 3, pool.steered(Set.of("NCCL_IB_TC")))));

    assertThat(settings.nccl())
        .containsEntry("NCCL_IB_GID_INDEX", "3")
        .doesNotContainKey("NCCL_IB_TC");
    assertThat(settings.ucx()).containsEntry("UCX_IB_TRAFFIC_CLASS", "104");
  }

  /** Each library is told of the ports whose pools say so. */
  @Test
  void twoPoolsOfOneProgramAreToldApart() {
    LibrarySetup nccl = new LibrarySetup(Set.of("nccl"), OptionalInt.of(104));
    LibrarySetup both = new LibrarySetup(Set.of("nccl", "ucx"), OptionalInt.of(32));
    Map<String, String> told =
        Settings.of(List.of(port("mlx5_0", 3, nccl), port("mlx5_1", 3, both))).all();

    assertThat(told)
        .containsEntry("NCCL_IB_HCA", "=mlx5_0:1,mlx5_1:1")
        .containsEntry("UCX_NET_DEVICES", "mlx5_1:1")
        .containsEntry("UCX_IB_TRAFFIC_CLASS", "32")
        .as("the pools want two classes, and NCCL takes one")
        .doesNotContainKey("NCCL_IB_TC");
  }

  /** A name stands for all devices that begin with it, so that two cannot be told by one. */
  @Test
  void libfabricIsToldTheDeviceWhereThereIsOne() {
    LibrarySetup libfabric = new LibrarySetup(Set.of("libfabric"), OptionalInt.of(104));

    assertThat(Settings.of(List.of(port("mlx5_0", 3, libfabric))).all())
        .containsOnly(entry("FI_VERBS_GID_IDX", "3"), entry("FI_VERBS_DEVICE_NAME", "mlx5_0"));
    assertThat(Settings.of(List.of(port("mlx5_0", 256, libfabric))).all())
        .as("it takes 0 to 255")
        .containsOnly(entry("FI_VERBS_DEVICE_NAME", "mlx5_0"));
  }

  @Test
  void everyVariableThatALibraryIsToldIsOneOfIts() {
    List<List<ToldPort>> programs =
        List.of(
            List.of(port("mlx5_0", 3, MARKED)),
            List.of(port("mlx5_0", 3, MARKED), port("mlx5_1", 5, MARKED)));
    for (ToldLibrary library : Libraries.TOLD) {
      for (List<ToldPort> program : programs) {
        assertThat(library.variables())
            .as(library.name())
            .containsAll(Libraries.emit(library, program).keySet());
      }
    }
  }

  @Test
  void nobodyIsToldNothing() {
    assertThat(Settings.NONE.all()).isEmpty();
  }

  private static ToldPort port(String device, int index, LibrarySetup setup) {
    return new ToldPort(
        new ChosenPort(
            device, 1, index, Gid.parse("::ffff:10.1.0." + index % 250), GidType.ROCE_V2),
        setup);
  }
}
