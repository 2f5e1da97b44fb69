package io.rdmagid.deviceplugin.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoolCacheTest {
  @TempDir private Path folder;

  @Test
  void whatWasSavedLastIsLoaded() {
    PoolCache cache = new PoolCache(folder.resolve("pools.json"));
    cache.save(new PoolCache.Content(List.of(), List.of(), Map.of()));
    PoolCache.Content content =
        new PoolCache.Content(List.of(pool()), List.of(pool()), Map.of("gpu", "h100"));
    cache.save(content);
    assertThat(new PoolCache(folder.resolve("pools.json")).load()).contains(content);
  }

  @Test
  void nothingSavedIsNothingKnown() {
    assertThat(new PoolCache(folder.resolve("pools.json")).load()).isEmpty();
  }

  @Test
  void aFileThatIsNotOursIsNothingKnown() throws IOException {
    Path file = Files.writeString(folder.resolve("pools.json"), "{\"pools\": [\"one");
    assertThat(new PoolCache(file).load()).isEmpty();
  }

  /** The last good pools stay where the disk takes no new ones. */
  @Test
  void aSaveThatFailsLeavesWhatWasThere() throws IOException {
    PoolCache cache = new PoolCache(folder.resolve("pools.json"));
    PoolCache.Content content = new PoolCache.Content(List.of(pool()), List.of(pool()), Map.of());
    cache.save(content);
    Path _ = Files.createDirectory(folder.resolve("pools.json.next"));
    cache.save(new PoolCache.Content(List.of(), List.of(), Map.of()));
    assertThat(cache.load()).contains(content);
  }

  private static RdmaGidPool pool() {
    return Serialization.unmarshal(
        """
        apiVersion: rdmagid.io/v1alpha1
        kind: RdmaGidPool
        metadata: {name: rail, resourceVersion: "7", generation: 2}
        spec: {ports: [{netdevs: [rail0]}], podsPerPort: 4, gid: {scope: Host}}
        status:
          effective: {type: RoCEv2, family: IPv4, scope: Host, required: true, generation: 2, revision: 1}
        """,
        RdmaGidPool.class);
  }
}
