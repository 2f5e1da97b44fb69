package io.rdmagid.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.e2e.testbed.AuditEvent;
import io.rdmagid.e2e.testbed.CollectOnFailure;
import io.rdmagid.e2e.testbed.Kubectl;
import io.rdmagid.e2e.testbed.Node;
import io.rdmagid.e2e.workload.Rails;
import io.rdmagid.e2e.workload.RdmaPod;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/** A node reboots under a pod, and after it the right index is another. */
@Tag("long")
@ExtendWith(CollectOnFailure.class)
class RebootTest {
  /** On the node's disk, which outlasts the boot. */
  private static final String STARTS = "/var/lib/rdmagid-e2e-starts";

  private static InstalledAgents agents;
  private static Kubectl kubectl;
  private static Node node;

  @BeforeAll
  static void up(TestInfo test) {
    agents = InstalledAgents.up(test);
    kubectl = agents.testbed().kubectl();
    node = agents.testbed().nodeB();
    String _ = node.sh("rm -rf " + STARTS);
    // Lost at the reboot.
    agents.shift(node);
    Rails.offer(kubectl, Rails.POOL, Rails.pool(), 2);
  }

  @AfterAll
  static void reset() {
    if (agents != null) {
      String _ = kubectl.kubectl("delete", "replicasets,pods", "--all", "--wait=true");
      agents.reset();
    }
  }

  @Test
  void noContainerStartsOnFilesFromBeforeAndAnObjectCostsAtMostOneWrite() {
    String _ =
        kubectl.apply(
            """
            apiVersion: apps/v1
            kind: ReplicaSet
            metadata: {name: reborn}
            spec:
              replicas: 1
              selector: {matchLabels: {app: reborn}}
              template:
                metadata: {labels: {app: reborn}}
                spec:
                  nodeSelector: {kubernetes.io/hostname: %s}
                  terminationGracePeriodSeconds: 0
                  volumes: [{name: starts, hostPath: {path: %s, type: DirectoryOrCreate}}]
                  containers:
                    - name: main
                      image: localhost/rdma-tools:1
                      imagePullPolicy: Never
                      # A line for each start: boot, variable, file.
                      command: [sh, -c, 'echo $(cat /proc/sys/kernel/random/boot_id) variable=$RDMAGID_RAIL_0_GID_INDEX file=$(sed -n s/.*_GID_INDEX=//p /run/rdmagid/rail/env) >> /starts/log; exec sleep infinity']
                      volumeMounts: [{name: starts, mountPath: /starts}]
                      resources: {limits: {rdmagid.io/rail: 1}}
            """
                .formatted(node.name(), STARTS));
    assertThat(awaitReadyPod("").index(Rails.POOL)).isEqualTo(2);
    agents.awaitQuiet();
    Instant start = Instant.now();
    String before = node.bootId();
    node.reboot();
    node.awaitReady();
    // Nobody answers there before the agent of this boot does.
    InstalledAgents.awaitReady(node);

    RdmaPod after = awaitReadyPod(before);
    assertThat(node.sh("cat " + STARTS + "/log").lines())
        .as("containers that started in this boot, by whatever pod")
        .filteredOn(line -> !line.startsWith(before))
        .isNotEmpty()
        .noneMatch(line -> line.contains("=2"));
    InstalledAgents.await(() -> assertThat(after.indexInFile(Rails.POOL)).isEqualTo("1"));

    try (KubernetesClient client = agents.testbed().kubectl().client()) {
      InstalledAgents.awaitPublished(client, node);
    }
    agents.awaitQuiet();
    List<AuditEvent> tables =
        agents.writesSince(start).stream()
            .filter(write -> !write.resource().equals(RdmaGidAssignment.PLURAL))
            .toList();
    assertThat(InstalledAgents.counts(tables).values()).allMatch(count -> count == 1);
  }

  /** The pod whose container is ready in another boot than this one. */
  private static RdmaPod awaitReadyPod(String boot) {
    String[] found = {""};
    InstalledAgents.await(() -> {
      String name =
          kubectl.kubectl(
              "get",
              "pods",
              "-l",
              "app=reborn",
              "-o",
              "jsonpath={.items[?(@.status.containerStatuses[0].ready==true)].metadata.name}");
      assertThat(name).isNotEmpty().doesNotContain(" ");
      assertThat(new RdmaPod(kubectl, name).run("cat /proc/sys/kernel/random/boot_id").out())
          .isNotEmpty()
          .doesNotStartWith(boot.isEmpty() ? "none" : boot);
      found[0] = name;
    });
    return new RdmaPod(kubectl, found[0]);
  }
}
