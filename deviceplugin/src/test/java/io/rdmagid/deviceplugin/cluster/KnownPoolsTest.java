package io.rdmagid.deviceplugin.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.deviceplugin.workload.PoolState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownPoolsTest {
  @TempDir private Path folder;

  /** What the listener heard, "pools labels". */
  private final List<String> heard = new ArrayList<>();

  @Test
  void nothingIsToldBeforePoolsAndLabelsAreKnown() {
    KnownPools known = known();
    known.recall();
    known.pools(List.of(pool("rail", 1)));
    assertThat(heard).isEmpty();
    known.nodeLabels(Map.of("gpu", "h100"));
    assertThat(heard).containsExactly("[rail] {gpu=h100}");
  }

  @Test
  void anAgentThatStartsWithTheServerAwayWorksByWhatWasThereLast() {
    KnownPools earlier = known();
    earlier.nodeLabels(Map.of("gpu", "h100"));
    earlier.pools(List.of(pool("rail", 1)));
    earlier.pools(List.of(pool("storage", 1), pool("rail", 1)));
    heard.clear();

    KnownPools known = known();
    known.recall();
    assertThat(heard).containsExactly("[rail, storage] {gpu=h100}");

    // The labels come first: without the pools they change nothing.
    known.nodeLabels(Map.of("gpu", "b200"));
    assertThat(heard).hasSize(1);
    known.pools(List.of());
    assertThat(heard).last().isEqualTo("[] {gpu=b200}");
  }

  @Test
  void theSameIsToldOnce() {
    KnownPools known = known();
    known.nodeLabels(Map.of());
    known.pools(List.of(pool("rail", 1), pool("storage", 1)));
    known.pools(List.of(pool("storage", 1), pool("rail", 1)));
    known.nodeLabels(Map.of());
    assertThat(heard).hasSize(1);
    known.pools(List.of(pool("storage", 1), pool("rail", 2)));
    assertThat(heard).hasSize(2);
  }

  @Test
  void aPoolThatIsNotUnderstoodIsLeftOut() {
    KnownPools known = known();
    known.nodeLabels(Map.of());
    known.pools(List.of(pool("future", 1, "RoCEv9"), pool("rail", 1)));
    assertThat(heard).containsExactly("[rail] {}");
  }

  private KnownPools known() {
    return new KnownPools(
        new PoolCache(folder.resolve("pools.json")),
        (pools, labels) -> heard.add(names(pools) + " " + labels));
  }

  private static String names(List<PoolState> pools) {
    return pools.stream()
        .map(state -> state.pool().name())
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static RdmaGidPool pool(String name, int generation) {
    return pool(name, generation, "RoCEv2");
  }

  private static RdmaGidPool pool(String name, int generation, String type) {
    return Serialization.unmarshal(
        """
        apiVersion: rdmagid.io/v1alpha1
        kind: RdmaGidPool
        metadata: {name: %s, creationTimestamp: "2026-11-26T10:00:00Z", resourceVersion: "%d", generation: %2$d}
        spec: {ports: [{netdevs: [rail0]}], podsPerPort: 4, gid: {scope: Host, type: %3$s}}
        status:
          effective: {type: RoCEv2, family: IPv4, scope: Host, required: true, generation: 1, revision: 1}
        """
            .formatted(name, generation, type),
        RdmaGidPool.class);
  }
}
