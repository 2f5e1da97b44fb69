package io.rdmagid.api.v1alpha1;

import static io.rdmagid.api.v1alpha1.CrdParts.age;
import static io.rdmagid.api.v1alpha1.CrdParts.atomic;
import static io.rdmagid.api.v1alpha1.CrdParts.column;
import static io.rdmagid.api.v1alpha1.CrdParts.wide;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.List;
import java.util.Map;

/** The CRD of {@link RdmaGid}. */
final class RdmaGidCrd implements CrdKind {
  @Override
  public Class<RdmaGid> resource() {
    return RdmaGid.class;
  }

  @Override
  public List<CustomResourceColumnDefinition> columns() {
    return List.of(
        column("Node", "string", ".spec.nodeName", "Node of the port"),
        column("Device", "string", ".spec.device", "RDMA device"),
        column("Port", "integer", ".spec.port", "Port of the device"),
        column("Netdev", "string", ".status.netdev", "Network device of the port"),
        column("State", "string", ".status.state", "Logical state of the port"),
        column("Type", "string", ".status.preferred.type", "Type of the preferred entry"),
        column("Index", "integer", ".status.preferred.index", "GID index of the preferred entry"),
        column("Address", "string", ".status.preferred.address", "Address of the preferred entry"),
        column("GIDs", "integer", ".status.gidCount", "Entries of the host's network namespace"),
        age(),
        wide("Rate", "number", ".status.rateGbps", "Rate in Gbit/s"),
        wide("MTU", "integer", ".status.mtu", "Active RDMA MTU in bytes"),
        wide("NUMA", "integer", ".status.numaNode", "NUMA node of the device"),
        wide("PCI", "string", ".status.pciAddress", "PCI address of the device"),
        wide("Pools", "string", ".status.pools", "Pools that the port belongs to"),
        wide("NCCL", "integer", pick("nccl"), "GID index that NCCL would choose by itself"),
        wide("UCX", "integer", pick("ucx"), "GID index that UCX would choose by itself"));
  }

  @Override
  public void complete(JSONSchemaProps root) {
    root.setDescription(
        "RdmaGid shows one RDMA port of one node: its state and its GID table. The agent of the node writes it.");
    root.getProperties().get("spec").setDescription("Which port this is. Immutable.");
    JSONSchemaProps status = root.getProperties().get("status");
    status.setDescription("What the agent sees of the port, in the host's network namespace.");
    atomic(status, "gids", "unusable", "picks", "pools");
    Map<String, JSONSchemaProps> fields = status.getProperties();
    fields.get("unusable").getItems().getSchema().setMinimum(0.0);
    fields.get("pools").getItems().getSchema().setMaxLength(63L);
    fields.get("lastChangeTime").setFormat("date-time");
    CrdParts.conditions(fields.get("conditions"));
  }

  private static String pick(String library) {
    return ".status.picks[?(@.library==\"" + library + "\")].index";
  }
}
