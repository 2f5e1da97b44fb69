package io.rdmagid.deviceplugin.workload;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.assignment.ContainerVariables;
import io.rdmagid.assignment.GidChoice;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.gid.GidScope;
import io.rdmagid.library.LibrarySetup;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FrozenTest {
  private static final String NCCL_FILE = "NCCL_CONF_FILE=/run/rdmagid/rail/nccl.conf";
  private static final String UCX_FOLDER = "UCX_CONFIG_DIR=/run/rdmagid/rail";

  @Test
  void whatNoFileCarriesIsAdded() {
    Frozen frozen = frozen(LibrarySetup.ALL, NCCL_FILE, UCX_FOLDER, "HOME=/root");

    assertThat(frozen.injected())
        .contains(
            entry("RDMAGID_RAIL_0_GID_INDEX", "1"),
            entry("NVSHMEM_IB_GID_INDEX", "1"),
            entry("MC_GID_INDEX", "1"))
        .as("an environment would beat the files")
        .doesNotContainKeys("NCCL_IB_GID_INDEX", "NCCL_IB_HCA", "UCX_NET_DEVICES");
    assertThat(frozen.kept()).isEmpty();
  }

  @Test
  void whatTheUserSetsStaysAndIsReported() {
    Frozen frozen =
        frozen(
            LibrarySetup.ALL,
            "NCCL_IB_GID_INDEX=3",
            "NVSHMEM_IB_GID_INDEX=",
            "RDMAGID_RAIL_0_DEVICE=mine",
            "NCCL_CONF_FILE=/etc/mine.conf",
            UCX_FOLDER,
            "NCCL_DEBUG=INFO");

    assertThat(frozen.injected())
        .doesNotContainKey("RDMAGID_RAIL_0_DEVICE")
        .containsKeys("RDMAGID_RAIL_0_PORT", "MC_GID_INDEX");
    assertThat(frozen.injected().keySet())
        .as("an author who says a part says all")
        .noneMatch(name -> name.startsWith("NVSHMEM_"));
    assertThat(frozen.kept())
        .containsExactly(
            "NCCL_CONF_FILE", "NCCL_IB_GID_INDEX", "NVSHMEM_IB_GID_INDEX", "RDMAGID_RAIL_0_DEVICE");
  }

  @Test
  void theVariablesOfALibraryThatIsLeftAloneAreNobodysBusiness() {
    Frozen frozen =
        frozen(
            new LibrarySetup(Set.of("ucx"), OptionalInt.empty()),
            "NCCL_IB_GID_INDEX=3",
            UCX_FOLDER);

    assertThat(frozen.kept()).isEmpty();
    assertThat(frozen.injected().keySet()).allMatch(name -> name.startsWith("RDMAGID_RAIL_0_"));
  }

  @Test
  void aVariableThatWouldHoldAnotherValueOrNoneNowIsOutdated() {
    Frozen frozen =
        new Frozen(new TreeMap<>(Map.of("A", "1", "B", "2", "C", "3")), List.of("KEPT"));

    assertThat(frozen.comparedWith(Map.of("A", "1", "B", "3", "D", "4")))
        .isEqualTo(
            new ContainerVariables(List.of("A", "B", "C"), List.of("B", "C"), List.of("KEPT")));
  }

  @Test
  void aTrafficClassOfTheAuthorsOwnStandsBesideOurIndex() {
    Frozen frozen =
        frozen(
            new LibrarySetup(Set.of(), OptionalInt.of(104)),
            "NVSHMEM_IB_TRAFFIC_CLASS=32",
            NCCL_FILE,
            UCX_FOLDER);

    assertThat(frozen.injected())
        .containsEntry("NVSHMEM_IB_GID_INDEX", "1")
        .doesNotContainKey("NVSHMEM_IB_TRAFFIC_CLASS");
    assertThat(frozen.kept()).containsExactly("NVSHMEM_IB_TRAFFIC_CLASS");
  }

  @Test
  void anAuthorsOwnFileIsNotOurs() {
    Set<String> steered =
        Steering.told(
            Map.of(
                "NCCL_CONF_FILE", "/etc/mine.conf",
                "UCX_CONFIG_DIR", "/run/rdmagid/storage",
                "NCCL_IB_TC", "3"),
            List.of("rail", "storage"));

    assertThat(steered).containsExactlyInAnyOrder("nccl", "NCCL_IB_TC");
    assertThat(Steering.told(Map.of(), List.of("rail"))).isEmpty();
    assertThat(Steering.told(Map.of("NVSHMEM_HCA_PE_MAPPING", "mlx5_0:1:2"), List.of("rail")))
        .containsExactly("nvshmem");
  }

  private static Frozen frozen(LibrarySetup setup, String... environment) {
    ContainerSpec container =
        new ContainerSpec("c1", "s1", "main", List.of(), List.of(environment));
    Set<String> steered = Steering.told(container.variables(), List.of("rail"));
    PortOutcome port =
        PortOutcome.chosen(
            "rail",
            0,
            new HeldPort("rxe0", 1),
            new PoolTerms(World.rule(GidScope.HOST), setup.steered(steered)),
            GidChoice.of(World.HOST));
    Inventory inventory = World.inventory(List.of(World.DEFAULT, World.HOST), List.of());
    return Frozen.of(ContainerSet.of("main", List.of(port), inventory), container);
  }
}
