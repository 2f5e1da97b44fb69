package io.rdmagid.deviceplugin.others;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.workload.PoolOffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SharingTest {
  private static final Giver SPEC = new Giver.Spec("nvidia.com/net-rdma");
  private static final Giver POD = new Giver.Pod("ml", "train-0");
  private static final Inventory DEVICES = Node.devices(3);

  private static List<Sharing> find(Map<Giver, Set<String>> given, PoolOffer... offers) {
    return Sharing.of(DEVICES, List.of(offers), given);
  }

  @Test
  void aDeviceOfAPoolThatIsGivenIsShared() {
    assertThat(find(Map.of(SPEC, Set.of("uverbs11")), Node.pool("rail", "mlx5_0", "mlx5_1")))
        .containsExactly(new Sharing("mlx5_1", Set.of("rail"), SPEC));
  }

  @Test
  void aDeviceOfNoPoolIsNot() {
    assertThat(find(Map.of(SPEC, Set.of("uverbs10", "uverbs12")), Node.pool("rail", "mlx5_1")))
        .isEmpty();
    assertThat(find(Map.of(SPEC, Set.of("uverbs10")))).isEmpty();
  }

  @Test
  void aNodeOfNoDeviceIsNot() {
    assertThat(find(Map.of(SPEC, Set.of("uverbs0", "")), Node.pool("rail", "mlx5_0"))).isEmpty();
  }

  @Test
  void itIsNamedForEachGiverWithAllItsPools() {
    assertThat(
            find(
                Map.of(SPEC, Set.of("uverbs10", "uverbs12"), POD, Set.of("uverbs12")),
                Node.pool("rail", "mlx5_0", "mlx5_2"),
                Node.pool("storage", "mlx5_2")))
        .containsExactly(
            new Sharing("mlx5_0", Set.of("rail"), SPEC),
            new Sharing("mlx5_2", Set.of("rail", "storage"), SPEC),
            new Sharing("mlx5_2", Set.of("rail", "storage"), POD));
  }
}
