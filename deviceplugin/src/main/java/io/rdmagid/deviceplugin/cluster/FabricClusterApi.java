package io.rdmagid.deviceplugin.cluster;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.rdmagid.api.naming.FieldManagers;
import io.rdmagid.api.naming.NodeMetadata;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidSpec;
import io.rdmagid.api.v1alpha1.RdmaGidStatus;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@link ClusterApi} by the fabric8 client; writes are server-side apply under the agent's field
 * manager.
 */
final class FabricClusterApi implements ClusterApi {
  /** Conflicts are forced: nobody else has a right to these fields. */
  static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager(FieldManagers.AGENT)
          .withForce(true)
          .build();

  private final KubernetesClient client;
  private final String nodeName;

  FabricClusterApi(KubernetesClient client, String nodeName) {
    this.client = client;
    this.nodeName = nodeName;
  }

  @Override
  public Optional<NodeState> node() {
    return Optional.ofNullable(client.nodes().withName(nodeName).get())
        .map(FabricClusterApi::state);
  }

  /** What matters of a Node object. */
  static NodeState state(Node node) {
    return new NodeState(
        node.getMetadata().getUid(),
        Objects.requireNonNullElse(node.getMetadata().getAnnotations(), Map.of()),
        Objects.requireNonNullElse(node.getMetadata().getLabels(), Map.of()));
  }

  @Override
  public List<RdmaGid> list() {
    return client.resources(RdmaGid.class).withField("spec.nodeName", nodeName).list().getItems();
  }

  @Override
  public Optional<RdmaGid> find(String name) {
    return Optional.ofNullable(client.resources(RdmaGid.class).withName(name).get());
  }

  @Override
  public @Nullable RdmaGidStatus applySpec(String name, RdmaGidSpec spec, String nodeUid) {
    RdmaGid object = new RdmaGid();
    object.setMetadata(
        new ObjectMetaBuilder()
            .withName(name)
            .addNewOwnerReference()
            .withApiVersion("v1")
            .withKind("Node")
            .withName(nodeName)
            .withUid(nodeUid)
            .endOwnerReference()
            .build());
    object.setSpec(spec);
    return client.resource(object).patch(APPLY).getStatus();
  }

  @Override
  public @Nullable RdmaGidStatus applyStatus(String name, RdmaGidStatus status) {
    RdmaGid object = new RdmaGid();
    object.setMetadata(new ObjectMetaBuilder().withName(name).build());
    object.setStatus(status);
    return client.resource(object).subresource("status").patch(APPLY).getStatus();
  }

  @Override
  public void delete(String name) {
    client.resources(RdmaGid.class).withName(name).delete();
  }

  @Override
  public void applyNode(PublishedNode node) {
    Node object =
        new NodeBuilder()
            .withNewMetadata()
            .withName(nodeName)
            .addToAnnotations(NodeMetadata.GIDS_ANNOTATION, node.annotation())
            .addToLabels(node.labels())
            .endMetadata()
            .build();
    Node written = client.resource(object).patch(APPLY);
    // One that somebody else set, too, does not go by being left out.
    Set<String> former = node.formerPools(state(written).labels());
    if (!former.isEmpty()) {
      ObjectNode patch = JsonNodeFactory.instance.objectNode();
      ObjectNode labels = patch.putObject("metadata").putObject("labels");
      former.forEach(labels::putNull);
      Node _ =
          client
              .nodes()
              .withName(nodeName)
              .patch(PatchContext.of(PatchType.JSON_MERGE), patch.toString());
    }
  }
}
