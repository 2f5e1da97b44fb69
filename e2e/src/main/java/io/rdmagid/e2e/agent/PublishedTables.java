package io.rdmagid.e2e.agent;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.rdmagid.api.v1alpha1.Parsed;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidParser;
import io.rdmagid.gid.GidEntry;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** What the API server has of a node's GID tables. */
public final class PublishedTables {
  private PublishedTables() {}

  /** The RdmaGids of a node. */
  public static List<RdmaGid> objects(KubernetesClient client, String node) {
    return client.resources(RdmaGid.class).withField("spec.nodeName", node).list().getItems();
  }

  /**
   * All entries of all ports of a node.
   *
   * @throws IllegalStateException if an object makes no sense
   */
  public static SortedSet<TableEntry> of(KubernetesClient client, String node) {
    SortedSet<TableEntry> entries = new TreeSet<>(KernelTables.ORDER);
    for (RdmaGid object : objects(client, node)) {
      switch (RdmaGidParser.parse(object)) {
        case Parsed.Valid valid -> {
          for (GidEntry entry : valid.gids()) {
            entries.add(
                new TableEntry(
                    valid.device(),
                    valid.port(),
                    entry.index(),
                    entry.gid().toString(),
                    entry.type().kernelText(),
                    entry.netdev()));
          }
        }
        case Parsed.Invalid invalid ->
            throw new IllegalStateException(
                object.getMetadata().getName() + ": " + invalid.problems());
      }
    }
    return entries;
  }
}
