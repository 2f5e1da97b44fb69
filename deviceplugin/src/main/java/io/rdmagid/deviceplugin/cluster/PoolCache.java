package io.rdmagid.deviceplugin.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last pools that the server told, on disk: an agent that starts while the API server is away
 * works by them. A file that cannot be written or read costs only that. Not thread-safe.
 */
final class PoolCache {
  private static final Logger LOG = LoggerFactory.getLogger(PoolCache.class);

  private final ObjectMapper json = new ObjectMapper();
  private final Path file;

  /**
   * Uses a file.
   *
   * @param file such as /var/lib/rdmagid/pools.json, whose folder exists
   */
  PoolCache(Path file) {
    this.file = file;
  }

  /**
   * What the server told.
   *
   * @param former what those of the pools were that have no rule now, and had one
   */
  record Content(
      List<RdmaGidPool> pools, List<RdmaGidPool> former, Map<String, String> nodeLabels) {
    Content {
      pools = List.copyOf(pools);
      former = List.copyOf(former);
      nodeLabels = Map.copyOf(nodeLabels);
    }
  }

  /** What was saved last; empty where nothing was, or it cannot be read. */
  Optional<Content> load() {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      JsonNode document = json.readTree(file.toFile());
      Map<String, String> labels = new HashMap<>();
      document
          .path("nodeLabels")
          .properties()
          .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
      return Optional.of(new Content(pools(document, "pools"), pools(document, "former"), labels));
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("file", file).setCause(e).log("saved pools cannot be read");
      return Optional.empty();
    }
  }

  private List<RdmaGidPool> pools(JsonNode document, String field) throws IOException {
    List<RdmaGidPool> pools = new ArrayList<>();
    for (JsonNode pool : document.path(field)) {
      pools.add(json.treeToValue(pool, RdmaGidPool.class));
    }
    return pools;
  }

  /** Saves, as a whole or not at all. */
  void save(Content content) {
    ObjectNode document = json.createObjectNode();
    document.set("pools", json.valueToTree(content.pools()));
    document.set("former", json.valueToTree(content.former()));
    document.set("nodeLabels", json.valueToTree(content.nodeLabels()));
    Path aside = file.resolveSibling(file.getFileName() + ".next");
    try {
      Files.writeString(aside, document.toString());
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("file", file).setCause(e).log("pools cannot be saved");
    }
  }
}
