package io.rdmagid.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.e2e.workload.RdmaPod;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A device of a pool that somebody else hands out, too. */
class OtherPluginsTest extends OnOfferedPools {
  /** Events outlive a run where the testbed does. */
  private static final String RUN = Long.toString(System.currentTimeMillis(), 36);

  private static final String KIND = "example.com/rdma-" + RUN;
  private static final String SPEC = "/var/run/cdi/example.json";

  @AfterEach
  void removeSpec() {
    String _ = nodeA.sh("rm -f " + SPEC);
  }

  /** What would be told of the pods would be told before what is told of the spec. */
  @Test
  void theNodeHasAnEventOfACdiSpecAndNoneOfOurPodsAndOfPrivilegedOnes() {
    RdmaPod _ =
        RdmaPod.create(
                kubectl, "ours", RdmaPod.Wish.of(nodeA, OfferedPools.IPVLAN).ofClass("ipvlan"))
            .awaitRunning();
    String _ =
        kubectl.apply(
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: privileged
            spec:
              nodeName: node-a
              terminationGracePeriodSeconds: 0
              containers:
                - name: main
                  image: localhost/rdma-tools:1
                  imagePullPolicy: Never
                  command: [sleep, infinity]
                  securityContext: {privileged: true}
            """);
    RdmaPod privileged = new RdmaPod(kubectl, "privileged").awaitRunning();
    assertThat(privileged.sh("ls /dev/infiniband")).contains("uverbs0", "uverbs1", "uverbs2");
    String _ =
        nodeA.sh(
            """
            cat > %1$s.new <<END && mv %1$s.new %1$s
            {"cdiVersion": "0.6.0", "kind": "%2$s",
             "devices": [{"name": "zero",
               "containerEdits": {"deviceNodes": [{"path": "/dev/infiniband/uverbs0"}]}}]}
            END
            """
                .formatted(SPEC, KIND));
    InstalledAgents.await(() ->
        assertThat(events()).contains("rxe0 of pool rail is also in CDI specs of kind " + KIND));
    assertThat(events()).doesNotContain("pod default/ours", "pod default/privileged");
  }

  /** Of whom the kubelet asks for the device: a plugin of its own, which gives no CDI name. */
  @Test
  void theNodeHasAnEventOfAPodThatAnotherPluginGaveTheDevice() {
    String name = "theirs-" + RUN;
    try (OtherPlugin _ = OtherPlugin.start(nodeA, "/dev/infiniband/uverbs0")) {
      String _ =
          kubectl.apply(
              """
              apiVersion: v1
              kind: Pod
              metadata:
                name: %1$s
              spec:
                nodeSelector: {kubernetes.io/hostname: node-a}
                terminationGracePeriodSeconds: 0
                containers:
                  - name: main
                    image: localhost/rdma-tools:1
                    imagePullPolicy: Never
                    command: [sleep, infinity]
                    resources: {limits: {%2$s: 1}}
              """
                  .formatted(name, OtherPlugin.RESOURCE));
      RdmaPod theirs = new RdmaPod(kubectl, name).awaitRunning();
      assertThat(theirs.sh("ls /dev/infiniband").strip()).isEqualTo("uverbs0");
      InstalledAgents.await(
          () -> assertThat(events()).contains("rxe0 of pool rail is also in pod default/" + name));
    }
  }

  /** Of the Nodes, since the testbed was made. */
  private static String events() {
    return kubectl.kubectl(
        "get",
        "events",
        "--all-namespaces",
        "--field-selector",
        "reason=PortSharedWithAnotherPlugin",
        "-o",
        "custom-columns=O:.involvedObject.name,M:.message");
  }
}
