package io.rdmagid.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.rdmagid.api.v1alpha1.PoolFailoverStatus;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.api.v1alpha1.RdmaGidPoolStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the tests of failover write and read: agents, pods, and what agents say of them. */
record FailoverObjects(OperatorCluster cluster) {
  static final String NAMESPACE = "default";

  /** The cluster takes pods. Its agents have no DaemonSet: what counts are their pods. */
  void prepare() {
    for (String namespace : List.of(NAMESPACE, OperatorCluster.NAMESPACE)) {
      cluster.awaitPodsTaken(namespace);
    }
  }

  /**
   * A node with an agent's pod; one that is not ready has not been for a minute. Nobody keeps the
   * node alive, so it is of use for the minute or so that the server waits.
   */
  void agent(String node, boolean ready) {
    apply(
        """
        apiVersion: v1
        kind: Node
        metadata: {name: %s}
        """
            .formatted(node));
    apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: agent-%1$s, namespace: %2$s, labels: {app.kubernetes.io/name: rdmagid-agent}}
        spec: {nodeName: %1$s, containers: [{name: agent, image: agent}]}
        """
            .formatted(node, OperatorCluster.NAMESPACE));
    String _ =
        kubectl(
            "patch",
            "pod",
            "agent-" + node,
            "--namespace=" + OperatorCluster.NAMESPACE,
            "--subresource=status",
            "--type=merge",
            "-p",
            "{\"status\":{\"phase\":\"Running\",\"conditions\":[%s]}}"
                .formatted(readiness(ready, Instant.now().minusSeconds(60))));
  }

  private static String readiness(boolean ready, Instant since) {
    return "{\"type\":\"Ready\",\"status\":\"%s\",\"lastTransitionTime\":\"%s\"}"
        .formatted(ready ? "True" : "False", since.truncatedTo(ChronoUnit.SECONDS));
  }

  void pool(String name, String action) {
    pool(name, action, false);
  }

  void pool(String name, String action, boolean dryRun) {
    apply(
        """
        apiVersion: rdmagid.io/v1alpha1
        kind: RdmaGidPool
        metadata: {name: %1$s}
        spec:
          ports: [{names: [%1$s_*]}]
          failover: {onGidChange: %2$s, gracePeriodSeconds: 1, dryRun: %3$b}
        """
            .formatted(name, action, dryRun));
  }

  /** A pod that runs, for all that the server knows, on no node; returns its uid. */
  String pod(String name, String group) {
    return podWith(name, "labels: {rdmagid.io/group: %s}".formatted(group));
  }

  /** The same, of a Job and without the label. */
  String podOf(String job, String name) {
    return podWith(
        name,
        "labels: {job: %1$s}, ownerReferences: [{apiVersion: batch/v1, kind: Job, name: %1$s, uid: %2$s, controller: true}]"
            .formatted(
                job,
                cluster
                    .client()
                    .batch()
                    .v1()
                    .jobs()
                    .inNamespace(NAMESPACE)
                    .withName(job)
                    .get()
                    .getMetadata()
                    .getUid()));
  }

  /** A Job that nobody runs, so that what is made of it stays. */
  void job(String name) {
    apply(
        """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: %s, namespace: default}
        spec:
          managedBy: rdmagid.io/test
          template: {spec: {restartPolicy: Never, containers: [{name: train, image: train}]}}
        """
            .formatted(name));
  }

  /** Pods of a StatefulSet that run, for all that the server knows; who goes comes back. */
  void statefulSet(String name, String... pods) {
    apply(
        """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: %1$s, namespace: default}
        spec:
          replicas: %2$d
          podManagementPolicy: Parallel
          serviceName: %1$s
          selector: {matchLabels: {job: %1$s}}
          template:
            metadata: {labels: {job: %1$s}}
            spec: {schedulerName: nobody, containers: [{name: train, image: train}]}
        """
            .formatted(name, pods.length));
    for (String pod : pods) {
      OperatorCluster.eventually(() -> assertThat(pod(pod)).isNotNull());
      runs(pod);
    }
  }

  private String podWith(String name, String metadata) {
    apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, namespace: default, %s}
        spec: {schedulerName: nobody, containers: [{name: train, image: train}]}
        """
            .formatted(name, metadata));
    runs(name);
    return uid(name);
  }

  private void runs(String pod) {
    cluster.patchStatus(
        "pod",
        pod,
        "{\"phase\":\"Running\",\"conditions\":[%s]}".formatted(readiness(true, Instant.now())));
  }

  /** What the pod's agent would write; of a container that was made with an index. */
  void assign(String pod, String node, String pool, String state) {
    apply(
        """
        apiVersion: rdmagid.io/v1alpha1
        kind: RdmaGidAssignment
        metadata:
          name: %1$s
          namespace: default
          ownerReferences: [{apiVersion: v1, kind: Pod, name: %1$s, uid: %3$s}]
        spec: {nodeName: %2$s, podUID: %3$s}
        """
            .formatted(pod, node, uid(pod)));
    String choice =
        state.equals("current")
            ? "\"gidIndex\":3,\"gid\":\"::ffff:10.0.0.1\",\"type\":\"RoCEv2\","
            : "";
    cluster.patchStatus(
        "rdmagidassignment",
        pod,
        """
        {"ports":[{"container":"train","pool":"%s","device":"mlx5_0","port":1,"scope":"Pod",%s
          "state":"%s","generation":2,"ruleRevision":1,"selectorVersion":1,
          "injected":["RDMAGID_%s_0_GID_INDEX"]}]}
        """
            .formatted(pool, choice, state, pool.toUpperCase(Locale.ROOT)));
  }

  Pod pod(String name) {
    return cluster.client().pods().inNamespace(NAMESPACE).withName(name).get();
  }

  /** Of the pod that has the name now; empty where none has. */
  String uid(String pod) {
    Pod found = pod(pod);
    return found == null ? "" : found.getMetadata().getUid();
  }

  RdmaGidPoolStatus status(String pool) {
    return cluster.client().resources(RdmaGidPool.class).withName(pool).get().getStatus();
  }

  /** What is written down of evictions; empty before anything was. */
  Optional<PoolFailoverStatus> failover(String pool) {
    return Optional.ofNullable(status(pool))
        .flatMap(status -> Optional.ofNullable(status.failover()));
  }

  List<String> events(String podUid) {
    return cluster.client().events().v1().events().inNamespace(NAMESPACE).list().getItems().stream()
        .filter(event -> podUid.equals(event.getRegarding().getUid()))
        .map(Event::getReason)
        .toList();
  }

  void apply(String yaml) {
    String _ = cluster.controlPlane().kubectl().apply(yaml);
  }

  String kubectl(String... words) {
    return cluster.controlPlane().kubectl().kubectl(words);
  }
}
