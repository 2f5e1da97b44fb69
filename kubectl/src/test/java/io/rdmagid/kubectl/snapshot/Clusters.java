package io.rdmagid.kubectl.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A healthy cluster as YAML, and edits of it. */
public final class Clusters {
  private static final Path HEALTHY = Path.of("src/test/resources/clusters/healthy.yaml");

  private Clusters() {}

  /** Documents: 1 to 3 ports, 4 and 5 pools, 6 and 7 assignments, 8 and 9 pods. */
  public static String healthy() {
    try {
      return Files.readString(HEALTHY);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The healthy cluster with an edit of one document, which has the text, from 1. */
  public static String edited(int document, String from, String to) {
    return edited(healthy(), document, from, to);
  }

  /** The same of another cluster. */
  public static String edited(String yaml, int document, String from, String to) {
    List<String> documents = new ArrayList<>(List.of(yaml.split("(?m)^---\n", -1)));
    assertThat(documents.get(document - 1)).contains(from);
    documents.set(document - 1, documents.get(document - 1).replace(from, to));
    return String.join("---\n", documents);
  }

  /** What the plugin makes of it. */
  public static Snapshot snapshot(String yaml) {
    KubernetesSerialization serialization = new KubernetesSerialization();
    List<RdmaGid> ports = new ArrayList<>();
    List<RdmaGidPool> pools = new ArrayList<>();
    List<RdmaGidAssignment> assignments = new ArrayList<>();
    List<Pod> pods = new ArrayList<>();
    for (String text : yaml.split("(?m)^---\n", -1)) {
      switch (text.lines().filter(line -> line.startsWith("kind: ")).findFirst().orElseThrow()) {
        case "kind: RdmaGid" -> ports.add(serialization.unmarshal(text, RdmaGid.class));
        case "kind: RdmaGidPool" -> pools.add(serialization.unmarshal(text, RdmaGidPool.class));
        case "kind: RdmaGidAssignment" ->
            assignments.add(serialization.unmarshal(text, RdmaGidAssignment.class));
        default -> pods.add(serialization.unmarshal(text, Pod.class));
      }
    }
    return Snapshot.of(ports, pools, assignments, pods);
  }
}
