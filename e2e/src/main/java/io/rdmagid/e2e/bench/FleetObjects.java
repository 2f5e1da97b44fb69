package io.rdmagid.e2e.bench;

import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.rdmagid.api.naming.RdmaGidName;
import io.rdmagid.api.v1alpha1.AssignmentMapping;
import io.rdmagid.api.v1alpha1.GidRow;
import io.rdmagid.api.v1alpha1.LibraryPick;
import io.rdmagid.api.v1alpha1.PreferredGid;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.api.v1alpha1.RdmaGidSpec;
import io.rdmagid.api.v1alpha1.RdmaGidStatus;
import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.assignment.Assignment;
import io.rdmagid.assignment.AssignmentState;
import io.rdmagid.assignment.ContainerVariables;
import io.rdmagid.assignment.GidChoice;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidScope;
import io.rdmagid.gid.GidType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The objects of a fleet: nodes of eight ports of eight entries each, and on each node four pods of
 * two ports each, with texts as agents write them.
 */
final class FleetObjects {
  static final String POOL = "rails";
  static final String PODS = "train";
  static final int PORTS = 8;
  static final int PODS_A_NODE = 4;

  /** Where the entry is that pods have, before it moves. */
  static final int INDEX = 3;

  /** Where it is after it has moved, as one that went and came back. */
  static final int MOVED = 8;

  private static final int LABELS = 40;
  private static final String AT = "2026-01-01T00:00:00Z";

  private FleetObjects() {}

  static String nodeName(int node) {
    return "gpu-%05d.cluster.example".formatted(node);
  }

  private static String device(int port) {
    return "mlx5_" + port;
  }

  /** As node feature discovery labels it. */
  static Node node(int node) {
    Map<String, String> labels =
        IntStream.range(0, LABELS)
            .boxed()
            .collect(
                Collectors.toMap(
                    number -> "feature.node.kubernetes.io/cpu-cpuid.FEATURE" + number,
                    _ -> "true"));
    labels.put("kubernetes.io/hostname", nodeName(node));
    return new NodeBuilder()
        .withNewMetadata()
        .withName(nodeName(node))
        .withLabels(labels)
        .endMetadata()
        .build();
  }

  /** The agent's pod of a node, and what it is to have as status. */
  static Pod agent(int node) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("rdmagid-agent-%05d".formatted(node))
        .addToLabels("app.kubernetes.io/name", "rdmagid-agent")
        .endMetadata()
        .withNewSpec()
        .withNodeName(nodeName(node))
        .withAutomountServiceAccountToken(false)
        .addNewContainer()
        .withName("agent")
        .withImage("rdmagid-agent")
        .endContainer()
        .endSpec()
        .withNewStatus()
        .withPhase("Running")
        .addNewCondition()
        .withType("Ready")
        .withStatus("True")
        .withLastTransitionTime(AT)
        .endCondition()
        .endStatus()
        .build();
  }

  static String podName(int node, int pod) {
    return "llm-pretrain-%05d-worker-%d".formatted(node, pod);
  }

  /** A pod that nobody schedules. */
  static Pod pod(int node, int pod) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(podName(node, pod))
        .endMetadata()
        .withNewSpec()
        .withSchedulerName("nobody")
        .withAutomountServiceAccountToken(false)
        .addNewContainer()
        .withName("train")
        .withImage("train")
        .endContainer()
        .endSpec()
        .build();
  }

  /**
   * A port as its node's agent shows it, already told that the agent is alive.
   *
   * @param nodeUid its owner's
   * @param index of the entry that pods have
   */
  static RdmaGid gid(int node, int port, String nodeUid, int index) {
    List<GidRow> rows = entries(node, port, index).stream().map(GidRow::of).toList();
    GidRow best = GidRow.of(entry(index, address(node, port), GidType.ROCE_V2, port));
    RdmaGid object = new RdmaGid();
    object.setMetadata(
        new ObjectMetaBuilder()
            .withName(RdmaGidName.of(nodeName(node), device(port), 1))
            .addNewOwnerReference()
            .withApiVersion("v1")
            .withKind("Node")
            .withName(nodeName(node))
            .withUid(nodeUid)
            .endOwnerReference()
            .build());
    object.setSpec(new RdmaGidSpec(nodeName(node), device(port), 1));
    object.setStatus(
        RdmaGidStatus.builder()
            .linkLayer("Ethernet")
            .state("ACTIVE")
            .physicalState("LINK_UP")
            .mtu(4096)
            .rateGbps(400.0)
            .netdev(netdev(port))
            .numaNode(port / 4)
            .pciAddress("0000:%02x:00.0".formatted(16 * port + 1))
            .driver("mlx5_core")
            .vendorID("15b3")
            .deviceID("1021")
            .firmware("28.39.1002")
            .nodeGuid("b83f:d203:%04x:%04x".formatted(node, port))
            .gidTableLength(255)
            .defaultRoceMode("RoCE v2")
            .gids(rows)
            .gidCount(rows.size())
            .podGidCount(0)
            .digest("%016x".formatted(31L * node + port))
            .preferred(
                new PreferredGid(
                    best.index(), best.gid(), best.type(), best.netdev(), best.address()))
            .picks(
                List.of(
                    new LibraryPick("nccl", "2.27", index, true),
                    new LibraryPick("ucx", "1.18", index, true)))
            .pools(List.of(POOL))
            .lastChangeTime(AT)
            .conditions(
                Stream.of("Ready", "Reporting", "LibrariesAgree")
                    .map(type ->
                        new ConditionBuilder()
                            .withType(type)
                            .withStatus("True")
                            .withReason("AgentReady")
                            .withMessage("the node's agent is ready")
                            .withLastTransitionTime(AT)
                            .build())
                    .toList())
            .build());
    return object;
  }

  private static String netdev(int port) {
    return "ens%dnp0".formatted(port);
  }

  private static String address(int node, int port) {
    return "::ffff:10.%d.%d.%d".formatted(64 + port, node / 250, node % 250 + 1);
  }

  private static List<GidEntry> entries(int node, int port, int index) {
    String tail = "%x:%x".formatted(node + 1, port + 1);
    List<GidEntry> entries = new ArrayList<>();
    int next = 0;
    for (String gid :
        List.of(
            "fe80::bace:f6ff:" + tail,
            address(node, port),
            "fd00:10::" + tail,
            "2001:db8:1::" + tail)) {
      entries.add(entry(next++, gid, GidType.ROCE_V1, port));
      int of = next++;
      entries.add(entry(of == INDEX ? index : of, gid, GidType.ROCE_V2, port));
    }
    return entries;
  }

  private static GidEntry entry(int index, String gid, GidType type, int port) {
    return new GidEntry(index, Gid.parse(gid), type, port + 2, netdev(port));
  }

  /** The ports that a pod of a node has. */
  static List<Integer> portsOf(int pod) {
    return List.of(2 * pod, 2 * pod + 1);
  }

  /**
   * What a pod holds.
   *
   * @param generation of its files
   * @param index of the entry that it has of each port
   */
  static RdmaGidAssignment assignment(
      int node, int pod, String podUid, long generation, int index) {
    List<AssignedPort> ports =
        portsOf(pod).stream()
            .map(port ->
                new AssignedPort(
                    "train",
                    POOL,
                    device(port),
                    1,
                    AssignmentState.CURRENT,
                    Optional.of(
                        new GidChoice(
                            index, Gid.parse(address(node, port)), GidType.ROCE_V2, netdev(port))),
                    GidScope.HOST,
                    generation,
                    1,
                    1,
                    new ContainerVariables(injected(), List.of(), List.of()),
                    List.of()))
            .toList();
    RdmaGidAssignment object =
        AssignmentMapping.object(
            new Assignment(PODS, podName(node, pod), podUid, nodeName(node), ports));
    // Most have no pod, which costs the operator one question more than an owner that is there.
    object.getMetadata().setOwnerReferences(List.of());
    return object;
  }

  private static List<String> injected() {
    return Stream.concat(
            IntStream.range(0, 2)
                .boxed()
                .flatMap(port ->
                    Stream.of("DEVICE", "PORT", "GID_INDEX", "GID", "GID_TYPE", "NETDEV", "ADDRESS")
                        .map(what -> ContainerVariables.prefix(POOL) + port + "_" + what)),
            Stream.of("NCCL_IB_HCA", "NCCL_IB_GID_INDEX", "UCX_NET_DEVICES", "UCX_IB_GID_INDEX"))
        .toList();
  }
}
