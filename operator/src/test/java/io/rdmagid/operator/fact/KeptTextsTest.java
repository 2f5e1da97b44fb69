package io.rdmagid.operator.fact;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.operator.Reachable;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What nobody reads is not in memory, and what many objects say is there once. */
class KeptTextsTest {
  private static final String METADATA =
      """
      "metadata": {"name": "%s", "uid": "uid-%s", "resourceVersion": "7",
        "creationTimestamp": "unread-created", "annotations": {"unread-annotation": "unread-value"},
        "managedFields": [{"manager": "unread-manager", "operation": "Apply",
          "fieldsV1": {"f:unread-field": {}}}],
        "labels": {"rack": "shared-rack"},
        "ownerReferences": [{"apiVersion": "v1", "kind": "Node", "name": "unread-owner", "uid": "shared-node-uid"}]}
      """;

  private final FactStore<RdmaGid, Optional<PublishedPort>> ports =
      new FactStore<>(RdmaGid::new, PublishedPort::of);

  private void read(String name) {
    RdmaGid object =
        Serialization.unmarshal(
            """
            {"apiVersion": "rdmagid.io/v1alpha1", "kind": "RdmaGid", %s,
             "spec": {"nodeName": "shared-node", "device": "shared-device", "port": 1},
             "status": {"linkLayer": "shared-link", "state": "shared-state", "physicalState": "unread-physical",
               "netdev": "shared-netdev", "pciAddress": "shared-pci", "pfName": "shared-pf", "driver": "shared-driver",
               "vendorID": "shared-vendor", "deviceID": "shared-id", "firmware": "unread-firmware",
               "nodeGuid": "unread-guid", "defaultRoceMode": "unread-mode", "digest": "unread-digest",
               "lastChangeTime": "unread-changed",
               "gids": [{"index": 3, "gid": "::ffff:10.0.0.1", "type": "RoCEv2", "netdev": "shared-ens1",
                 "ifindex": 2, "address": "unread-address"}],
               "preferred": {"index": 3, "gid": "::ffff:10.0.0.1", "type": "RoCEv2", "netdev": "unread-preferred"},
               "picks": [{"library": "unread-library", "version": "unread-version", "index": 3, "agrees": true}],
               "pools": ["shared-pool"],
               "conditions": [{"type": "unread-type", "status": "True", "message": "unread-message"}]}}
            """
                .formatted(METADATA.formatted(name, name)),
            RdmaGid.class);
    assertThat(ports.put(ports.getKey(object), object)).isNull();
  }

  @Test
  void ofAPortOnlyWhatIsDecidedOnIsKept() {
    read("port-a");

    assertThat(ports.fact("port-a").orElseThrow()).as("it is understood").isPresent();
    assertThat(Reachable.texts(ports))
        .contains("port-a", "shared-node", "shared-pci", "shared-rack")
        .noneMatch(text -> text.contains("unread"));
  }

  @Test
  void whatManyPortsSayIsKeptOnce() {
    read("port-a");
    read("port-b");

    assertThat(Reachable.texts(ports))
        .filteredOn(text -> text.startsWith("shared-"))
        .containsOnlyOnce("shared-node", "shared-device", "shared-netdev", "shared-ens1")
        .containsOnlyOnce("shared-pool", "shared-driver", "shared-node-uid", "shared-rack")
        .doesNotHaveDuplicates();
  }

  @Test
  void theKeyOfAnObjectIsOneTextForAllStores() {
    FactStore<RdmaGid, String> other = new FactStore<>(RdmaGid::new, _ -> "");
    read("port-a");
    RdmaGid object = ports.get("port-a");

    assertThat(other.getKey(object)).isSameAs(ports.keySet().findFirst().orElseThrow());
  }

  @Test
  void ofANodeItsLabelsAreKeptOnceInAll() {
    FactStore<Node, ClusterFacts.PresentNode> nodes = new ClusterFacts().nodes();
    for (String name : new String[] {"node-a", "node-b"}) {
      Node object =
          Serialization.unmarshal(
              """
              {"apiVersion": "v1", "kind": "Node", %s, "spec": {"podCIDR": "unread-range"},
               "status": {"nodeInfo": {"kernelVersion": "unread-kernel"}}}
              """
                  .formatted(METADATA.formatted(name, name)),
              Node.class);
      nodes.put(nodes.getKey(object), object);
    }

    assertThat(Reachable.texts(nodes))
        .contains("node-a", "node-b")
        .containsOnlyOnce("shared-rack", "rack")
        .noneMatch(text -> text.contains("unread"));
  }
}
