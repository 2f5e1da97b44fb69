package io.rdmagid.api.v1alpha1;

import static io.rdmagid.api.v1alpha1.CrdParts.age;
import static io.rdmagid.api.v1alpha1.CrdParts.atomic;
import static io.rdmagid.api.v1alpha1.CrdParts.column;
import static io.rdmagid.api.v1alpha1.CrdParts.words;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.List;
import java.util.Map;

/** The CRD of {@link RdmaGidPool}. */
final class RdmaGidPoolCrd implements CrdKind {
  @Override
  public Class<RdmaGidPool> resource() {
    return RdmaGidPool.class;
  }

  @Override
  public List<CustomResourceColumnDefinition> columns() {
    return List.of(
        column("Resource", "string", ".spec.resourceName", "Resource name, if not by default"),
        column("Scope", "string", ".spec.gid.scope", "Whose entries count"),
        column("Type", "string", ".status.effective.type", "Type that pods use"),
        column("Family", "string", ".status.effective.family", "Address family that pods use"),
        column("Nodes", "integer", ".status.nodes", "Nodes with a port in the pool"),
        column("Ports", "integer", ".status.ports", "Ports of the pool"),
        column("Healthy", "integer", ".status.healthy", "Ports that are usable now"),
        column("Allocated", "integer", ".status.allocated", "Devices that pods hold"),
        column(
            "Accepted",
            "string",
            ".status.conditions[?(@.type==\"Accepted\")].status",
            "Whether the spec is understood and its resource name free"),
        age());
  }

  @Override
  public void complete(JSONSchemaProps root) {
    root.setDescription(
        "RdmaGidPool is a set of RDMA ports that pods ask for under one resource name, and how they choose a GID.");
    JSONSchemaProps spec = root.getProperties().get("spec");
    spec.setDescription("What the pool is meant to be. People write it.");
    complete(spec.getProperties());
    JSONSchemaProps status = root.getProperties().get("status");
    status.setDescription("What became of the pool. The operator writes it.");
    JSONSchemaProps effective = status.getProperties().get("effective");
    atomic(effective, "subnets");
    // No field, but all those that this version does not know.
    effective.getProperties().remove("others");
    JSONSchemaProps failover = status.getProperties().get("failover");
    atomic(failover, "groups");
    atomic(failover.getProperties().get("groups").getItems().getSchema(), "pods");
    CrdParts.conditions(status.getProperties().get("conditions"));
  }

  private static void complete(Map<String, JSONSchemaProps> spec) {
    spec.get("ports").setXKubernetesListType("atomic");
    JSONSchemaProps selector = spec.get("ports").getItems().getSchema();
    atomic(
        selector,
        selector.getProperties().entrySet().stream()
            .filter(field -> field.getValue().getType().equals("array"))
            .map(Map.Entry::getKey)
            .toArray(String[]::new));
    words(
        selector.getProperties().get("linkLayers").getItems().getSchema(),
        "Ethernet",
        "InfiniBand");
    JSONSchemaProps labels = spec.get("nodeSelector").getProperties().get("matchLabels");
    labels.setMaxProperties(Bounds.LIST);
    labels.getAdditionalProperties().getSchema().setMaxLength(63L);
    JSONSchemaProps gid = spec.get("gid");
    // Without it the defaults below would not reach a spec that says nothing of GIDs.
    gid.setDefault(JsonNodeFactory.instance.objectNode());
    words(gid.getProperties().get("type"), "Auto", "RoCEv2", "RoCEv1", "IB");
    words(gid.getProperties().get("family"), "Auto", "IPv4", "IPv6");
    words(gid.getProperties().get("scope"), "Pod", "Host");
    atomic(gid, "subnets");
    words(
        spec.get("failover").getProperties().get("onGidChange"), "Refresh", "Evict", "EvictGroup");
    // A choice of any order: applied by two, it is the union.
    spec.get("libraries").setXKubernetesListType("set");
    words(
        spec.get("libraries").getItems().getSchema(),
        "libfabric",
        "mooncake",
        "mscclpp",
        "nccl",
        "nvshmem",
        "rccl",
        "uccl",
        "ucx");
  }
}
