package io.rdmagid.deviceplugin.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.Tables;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.gid.GidScope;
import io.rdmagid.pool.Glob;
import io.rdmagid.pool.VirtualFunctions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodePlanTest {
  private static List<String> offered(Inventory inventory, VirtualFunctions... pfNames) {
    PoolState any = World.pool("fast", GidScope.POD);
    PoolState pool =
        new PoolState(World.wanting(any.pool(), "*", List.of(pfNames)), any.effective());
    return NodePlan.of("node-a", Map.of(), List.of(pool), inventory, List.of()).offers().stream()
        .flatMap(offer -> offer.devices().stream())
        .map(PoolOffer.OfferedDevice::device)
        .distinct()
        .toList();
  }

  @Test
  void aPoolOfVirtualFunctionsHasThoseOfItsRange() {
    Inventory inventory = Tables.of(Path.of("../samples/mlx5-sriov.json"));
    Glob physical = new Glob("ens1np?");

    assertThat(offered(inventory)).hasSize(5);
    assertThat(offered(inventory, new VirtualFunctions(physical, 0, VirtualFunctions.LAST_INDEX)))
        .containsExactly("mlx5_1", "mlx5_2", "mlx5_3", "mlx5_4");
    assertThat(
            offered(
                inventory,
                new VirtualFunctions(physical, 0, 0),
                new VirtualFunctions(physical, 2, 2)))
        .containsExactly("mlx5_1", "mlx5_3");
    assertThat(offered(inventory, new VirtualFunctions(new Glob("ens2*"), 0, 3))).isEmpty();
  }
}
