package io.rdmagid.deviceplugin.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.assignment.ContainerVariables;
import io.rdmagid.assignment.GidChoice;
import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidScope;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContainerSetTest {
  private static final GidEntry FIRST = World.entry(2, "::ffff:10.1.0.1", 3, "rail0");
  private static final GidEntry NEIGHBOUR = World.entry(4, "::ffff:10.1.0.2", 4, "rail1");
  private static final GidEntry SECOND = World.entry(5, "::ffff:10.1.0.3", 4, "rail1");

  /**
   * The indices differ, so NCCL is told the smallest range of both addresses, and on the second
   * port another address of that range comes first. UCX is told the addresses.
   */
  @Test
  void librariesThatTakeAnotherEntryThoughTheyAreToldAreNamed() {
    ContainerSet set = set(List.of(World.DEFAULT, NEIGHBOUR, SECOND));

    assertThat(set.ports().getFirst().elsewhere()).containsExactly("mscclpp");
    assertThat(set.ports().getLast().elsewhere()).contains("nccl").doesNotContain("ucx");
    assertThat(set.assigned(1, ContainerVariables.NONE).getLast().elsewhere()).contains("nccl");
    assertThat(SetFiles.of(set, World.sandbox("s"), 1).get(SetFiles.ASSIGNMENT))
        .containsSubsequence("\"elsewhere\"", "\"elsewhere\"");
  }

  /** Nobody can tell MSCCL++ two indices, and it takes slot 0 then. */
  @Test
  void whereTwoIndicesAreNeededAllOthersDoAsTheyAreTold() {
    ContainerSet set = set(List.of(World.DEFAULT, SECOND));

    assertThat(set.ports())
        .allSatisfy(port -> assertThat(port.elsewhere()).containsExactly("mscclpp"));
  }

  @Test
  void noLibraryIsNamedWhereOneIndexIsRight() {
    Inventory inventory = World.inventory(List.of(World.DEFAULT, FIRST), List.of());
    ContainerSet set = ContainerSet.of("main", List.of(chosen(0, "rxe0", FIRST)), inventory);

    assertThat(set.ports().getFirst().elsewhere()).isEmpty();
    assertThat(SetFiles.of(set, World.sandbox("s"), 1).get(SetFiles.ASSIGNMENT))
        .doesNotContain("elsewhere");
  }

  private static ContainerSet set(List<GidEntry> tableOfSecond) {
    Device first = World.inventory(List.of(World.DEFAULT, FIRST), List.of()).devices().getFirst();
    Device second = World.inventory(tableOfSecond, List.of()).devices().getFirst();
    Inventory inventory =
        new Inventory(
            List.of(first, new Device("rxe1", "uverbs1", second.attributes(), second.ports())));
    return ContainerSet.of(
        "main", List.of(chosen(0, "rxe0", FIRST), chosen(1, "rxe1", SECOND)), inventory);
  }

  private static PortOutcome chosen(int number, String device, GidEntry entry) {
    return PortOutcome.chosen(
        "rail", number, new HeldPort(device, 1), World.terms(GidScope.HOST), GidChoice.of(entry));
  }
}
