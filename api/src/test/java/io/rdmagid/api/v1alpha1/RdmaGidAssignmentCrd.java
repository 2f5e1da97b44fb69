package io.rdmagid.api.v1alpha1;

import static io.rdmagid.api.v1alpha1.CrdParts.age;
import static io.rdmagid.api.v1alpha1.CrdParts.atomic;
import static io.rdmagid.api.v1alpha1.CrdParts.column;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.List;

/**
 * The CRD of {@link RdmaGidAssignment}. A column shows the first result of its path only, so that
 * of a pod with several ports the first is shown.
 */
final class RdmaGidAssignmentCrd implements CrdKind {
  @Override
  public Class<RdmaGidAssignment> resource() {
    return RdmaGidAssignment.class;
  }

  @Override
  public List<CustomResourceColumnDefinition> columns() {
    return List.of(
        column("Node", "string", ".spec.nodeName", "Node that the pod runs on"),
        column("Device", "string", ".status.ports[0].device", "RDMA device of the first port"),
        column("Index", "integer", ".status.ports[0].gidIndex", "GID index of the first port"),
        column("State", "string", ".status.ports[0].state", "State of the first port"),
        age());
  }

  @Override
  public void complete(JSONSchemaProps root) {
    root.setDescription(
        "RdmaGidAssignment shows which RDMA ports a pod holds, and the GID index of each. It has the name of the pod.");
    root.getProperties().get("spec").setDescription("Whose assignment this is.");
    JSONSchemaProps status = root.getProperties().get("status");
    status.setDescription("What the pod holds. The agent of its node writes it.");
    atomic(status, "ports");
    atomic(
        status.getProperties().get("ports").getItems().getSchema(),
        "injected",
        "outdated",
        "kept",
        "elsewhere");
    CrdParts.conditions(status.getProperties().get("conditions"));
  }
}
