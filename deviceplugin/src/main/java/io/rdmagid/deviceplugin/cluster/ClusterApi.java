package io.rdmagid.deviceplugin.cluster;

import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidSpec;
import io.rdmagid.api.v1alpha1.RdmaGidStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The calls on the API server that publishing needs. Each is one request; a refusal or a broken
 * connection is a {@link io.fabric8.kubernetes.client.KubernetesClientException}. Safe for use by
 * any thread.
 */
interface ClusterApi {
  /** The agent's Node, if it is registered. */
  Optional<NodeState> node();

  /**
   * The RdmaGids of the agent's Node. The server looks at all of the cluster for that, 40,000 of
   * 5,000 nodes: where the names are known, {@link #find} them.
   */
  List<RdmaGid> list();

  /** The RdmaGid of a name, as it is now, whichever Node it is of; empty where there is none. */
  Optional<RdmaGid> find(String name);

  /**
   * Makes an object, or brings owner and spec of one up to date.
   *
   * @return the status that the server has of it, null where it has none
   */
  @Nullable RdmaGidStatus applySpec(String name, RdmaGidSpec spec, String nodeUid);

  /**
   * Writes the agent's part of a status.
   *
   * @return the status as the server has it now, without what its CRD does not know; null where it
   *     has none
   */
  @Nullable RdmaGidStatus applyStatus(String name, RdmaGidStatus status);

  /** Deletes an object; one that is not there is fine. */
  void delete(String name);

  /**
   * Writes the agent's annotation and labels on the Node, and removes the labels of other pools,
   * whoever set them.
   */
  void applyNode(PublishedNode node);

  /** What matters of a Node. */
  record NodeState(String uid, Map<String, String> annotations, Map<String, String> labels) {}
}
