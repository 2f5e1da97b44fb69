package io.rdmagid.deviceplugin.others;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rdmagid.deviceplugin.workload.NodeNotice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OtherPluginsTest {
  private final List<NodeNotice> notices = new ArrayList<>();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final OtherPlugins others = new OtherPlugins(notices::add, registry, () -> 0);

  private double shared() {
    return registry.get("rdmagid.shared.devices").gauge().value();
  }

  @Test
  void whateverComesLastCompletesIt() {
    Map<String, Set<String>> specs = Map.of("nvidia.com/net-rdma", Set.of("uverbs10"));
    others.specs(specs);
    others.read(Node.devices(2));
    assertThat(notices).isEmpty();
    others.offered(List.of(Node.pool("rail", "mlx5_0", "mlx5_1")));
    assertThat(notices)
        .containsExactly(
            new NodeNotice(
                true,
                "PortSharedWithAnotherPlugin",
                "Offer",
                "Pods of two plugins can get the same port: mlx5_0 of pool rail is also in CDI"
                    + " specs of kind nvidia.com/net-rdma. Leave each device to one of them, by"
                    + " the pool's spec.ports or by the other plugin's selectors"));
    assertThat(shared()).isEqualTo(1);
    others.offered(List.of());
    assertThat(shared()).isZero();
    others.offered(List.of(Node.pool("rail", "mlx5_0", "mlx5_1")));
    others.specs(specs);
    others.read(Node.devices(2));
    assertThat(shared()).isEqualTo(1);
    assertThat(notices).as("once").hasSize(1);
    others.read(Node.inventory(Node.device("mlx5_0", "uverbs4")));
    assertThat(shared()).as("the node is another device's now").isZero();
  }

  @Test
  void specsAndPodsCountADeviceOnce() {
    others.read(Node.devices(3));
    others.offered(List.of(Node.pool("rail", "mlx5_0", "mlx5_1"), Node.pool("all", "mlx5_1")));
    others.specs(Map.of("a.com/x", Set.of("uverbs10", "uverbs11"), "b.com/x", Set.of("uverbs12")));
    others.pods(Map.of(new Giver.Pod("ml", "train-0"), Set.of("uverbs11")));
    assertThat(shared()).isEqualTo(2);
    assertThat(notices)
        .extracting(NodeNotice::note)
        .satisfiesExactly(
            note ->
                assertThat(note)
                    .contains("mlx5_0, mlx5_1 of pools all, rail are also in CDI specs of kind a"),
            note ->
                assertThat(note).contains("mlx5_1 of pools all, rail is also in pod ml/train-0"));
    others.specs(Map.of());
    assertThat(shared()).isEqualTo(1);
    others.pods(Map.of());
    assertThat(shared()).isZero();
    assertThat(notices).hasSize(2);
  }

  @Test
  void manyDevicesFitIntoAnEvent() {
    others.read(Node.devices(200));
    others.offered(
        List.of(
            Node.pool(
                "rail",
                IntStream.range(0, 200).mapToObj(n -> "mlx5_" + n).toArray(String[]::new))));
    others.specs(
        Map.of(
            "a.com/x",
            Set.of(IntStream.range(10, 210).mapToObj(n -> "uverbs" + n).toArray(String[]::new))));
    assertThat(shared()).isEqualTo(200);
    assertThat(notices).hasSize(1);
    assertThat(notices.getFirst().note())
        .contains("mlx5_108 and 188 more of pool rail are")
        .hasSizeLessThan(512);
  }
}
