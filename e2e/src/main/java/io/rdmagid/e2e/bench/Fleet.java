package io.rdmagid.e2e.bench;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.rdmagid.api.naming.FieldManagers;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.e2e.testbed.Checkout;
import io.rdmagid.e2e.testbed.ControlPlane;
import io.rdmagid.e2e.testbed.Progress;
import io.rdmagid.e2e.testbed.TestbedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * A fleet's objects on an API server, written as agents would write them. Pods are there of the
 * first {@value #RACK} nodes only, a rack: of the others there are the records.
 */
final class Fleet {
  static final String NAMESPACE = "rdmagid-system";
  static final int RACK = 64;

  private static final int WRITERS = 24;

  /** Objects a second on two processors, about. */
  private static final int PACE = 400;

  private static final PatchContext AS_AGENT =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager(FieldManagers.AGENT)
          .withForce(true)
          .build();

  private final ControlPlane controlPlane;
  private final KubernetesClient client;
  private final int nodes;
  private final Map<Integer, String> nodeUids = new ConcurrentHashMap<>();
  private final Map<String, String> podUids = new ConcurrentHashMap<>();

  /** Nothing is written yet; the client stays the caller's to close. */
  Fleet(ControlPlane controlPlane, KubernetesClient client, int nodes) {
    this.controlPlane = controlPlane;
    this.client = client;
    this.nodes = nodes;
  }

  int ports() {
    return nodes * FleetObjects.PORTS;
  }

  int records() {
    return nodes * FleetObjects.PODS_A_NODE;
  }

  /** Writes all of it. */
  void create() {
    for (String namespace : List.of(NAMESPACE, FleetObjects.PODS)) {
      HasMetadata _ =
          client
              .resource(
                  new NamespaceBuilder()
                      .withNewMetadata()
                      .withName(namespace)
                      .endMetadata()
                      .build())
              .create();
      // Without it no pod is taken.
      HasMetadata _ =
          client
              .resource(
                  new ServiceAccountBuilder()
                      .withNewMetadata()
                      .withNamespace(namespace)
                      .withName("default")
                      .endMetadata()
                      .build())
              .serverSideApply();
    }
    crdsThatTakeStatusAtOnce();
    all("%,d Nodes and agents' pods".formatted(nodes), nodes, 3, this::createNode);
    all("%,d RdmaGids".formatted(ports()), ports(), 1, this::createGid);
    int rack = Math.min(RACK, nodes);
    all("the pods of a rack", rack * FleetObjects.PODS_A_NODE, 1, this::createPod);
    all("%,d RdmaGidAssignments".formatted(records()), records(), 1, this::createRecord);
    controlPlane.applyCrds();
    String _ =
        controlPlane
            .kubectl()
            .apply(
                """
                apiVersion: rdmagid.io/v1alpha1
                kind: RdmaGidPool
                metadata: {name: %s}
                spec: {ports: [{names: ["mlx5_*"]}], gid: {scope: Host}}
                """
                    .formatted(FleetObjects.POOL));
  }

  /** Half the requests: else status is a subresource, and a request of its own. */
  private void crdsThatTakeStatusAtOnce() {
    try (var files = Files.newDirectoryStream(Checkout.root().resolve("charts/rdmagid/crds"))) {
      for (Path file : files) {
        try (var text = Files.newInputStream(file)) {
          CustomResourceDefinition crd =
              client.apiextensions().v1().customResourceDefinitions().load(text).item();
          crd.getSpec().getVersions().forEach(version -> version.setSubresources(null));
          CustomResourceDefinition _ = client.resource(crd).create();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String _ =
        controlPlane
            .kubectl()
            .kubectl("wait", "--for=condition=Established", "--timeout=60s", "crd", "--all");
  }

  private void createNode(int node) {
    nodeUids.put(node, client.resource(FleetObjects.node(node)).create().getMetadata().getUid());
    Pod agent = FleetObjects.agent(node);
    Pod created = client.pods().inNamespace(NAMESPACE).resource(agent).create();
    created.setStatus(agent.getStatus());
    Pod _ = client.resource(created).updateStatus();
  }

  private void createGid(int number) {
    int node = number / FleetObjects.PORTS;
    RdmaGid _ =
        client
            .resource(
                FleetObjects.gid(
                    node, number % FleetObjects.PORTS, nodeUid(node), FleetObjects.INDEX))
            .create();
  }

  private String nodeUid(int node) {
    return Objects.requireNonNull(nodeUids.get(node), "its Node is written first");
  }

  private void createPod(int number) {
    Pod pod =
        FleetObjects.pod(number / FleetObjects.PODS_A_NODE, number % FleetObjects.PODS_A_NODE);
    Pod created = client.pods().inNamespace(FleetObjects.PODS).resource(pod).create();
    podUids.put(created.getMetadata().getName(), created.getMetadata().getUid());
  }

  private void createRecord(int number) {
    int node = number / FleetObjects.PODS_A_NODE;
    RdmaGidAssignment _ =
        client
            .resource(record(node, number % FleetObjects.PODS_A_NODE, 1, FleetObjects.INDEX))
            .create();
  }

  private RdmaGidAssignment record(int node, int pod, long generation, int index) {
    return FleetObjects.assignment(
        node,
        pod,
        podUids.getOrDefault(
            FleetObjects.podName(node, pod),
            "3f2504e0-4f89-41d3-9a0c-%012d".formatted(10L * node + pod)),
        generation,
        index);
  }

  /** Writes how the ports of a pod are when the entry that it has stands at that index. */
  void writeGids(int node, int pod, int index) {
    for (int port : FleetObjects.portsOf(pod)) {
      RdmaGid gid = FleetObjects.gid(node, port, nodeUid(node), index);
      gid.setSpec(null);
      RdmaGid _ = client.resource(gid).subresource("status").patch(AS_AGENT);
    }
  }

  /** Writes the record of a pod. */
  void writeRecord(int node, int pod, long generation, int index) {
    RdmaGidAssignment record = record(node, pod, generation, index);
    record.setSpec(null);
    RdmaGidAssignment _ = client.resource(record).subresource("status").patch(AS_AGENT);
  }

  private static void all(String what, int count, int requests, IntConsumer write) {
    Progress.step(
        "writing " + what,
        Duration.ofSeconds(1 + (long) count * requests / PACE),
        () -> atOnce(count, WRITERS, write));
  }

  /** Does something with all numbers from 0, by so many writers. */
  static void atOnce(int count, int writers, IntConsumer write) {
    List<Future<?>> written = new ArrayList<>();
    try (ExecutorService executor =
        Executors.newFixedThreadPool(writers, Thread.ofVirtual().factory())) {
      IntStream.range(0, count)
          .forEach(number -> written.add(executor.submit(() -> write.accept(number))));
    }
    for (Future<?> one : written) {
      try {
        Object _ = one.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new TestbedException("interrupted", e);
      } catch (ExecutionException e) {
        throw new TestbedException("writing a fleet: " + e.getCause(), e);
      }
    }
  }
}
