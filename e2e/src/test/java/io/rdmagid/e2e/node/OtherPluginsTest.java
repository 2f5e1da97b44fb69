package io.rdmagid.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.e2e.workload.RdmaPod;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A device of a pool that somebody else hands out, too: by a CDI spec, and so to a pod. */
class OtherPluginsTest extends OnOfferedPools {
  private static final String SPEC = "/var/run/cdi/example.json";

  @AfterEach
  void removeSpec() {
    String _ = nodeA.sh("rm -f " + SPEC);
  }

  @Test
  void theNodeHasAnEventThatNamesTheSpecAndOneThatNamesThePod() {
    // Ours is on the node from before, and its devices are nobody else's.
    RdmaPod ours =
        RdmaPod.create(
                kubectl, "ours", RdmaPod.Wish.of(nodeA, OfferedPools.IPVLAN).ofClass("ipvlan"))
            .awaitRunning();
    String _ =
        nodeA.sh(
            """
            cat > %1$s.new <<END && mv %1$s.new %1$s
            {"cdiVersion": "0.6.0", "kind": "example.com/rdma",
             "devices": [{"name": "zero",
               "containerEdits": {"deviceNodes": [{"path": "/dev/infiniband/uverbs0"}]}}]}
            END
            """
                .formatted(SPEC));
    awaitEvent("rxe0 of pool rail is also in CDI specs of kind example.com/rdma");

    String _ =
        kubectl.apply(
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: theirs
              annotations: {cdi.k8s.io/test: example.com/rdma=zero}
            spec:
              nodeName: node-a
              terminationGracePeriodSeconds: 0
              containers:
                - name: main
                  image: localhost/rdma-tools:1
                  imagePullPolicy: Never
                  command: [sleep, infinity]
            """);
    RdmaPod theirs = new RdmaPod(kubectl, "theirs").awaitRunning();
    assertThat(theirs.sh("ls /dev/infiniband")).contains("uverbs0");
    awaitEvent("rxe0 of pool rail is also in pod default/theirs");
    assertThat(events()).doesNotContain("rxe1", ours.name()).doesNotContain("rdmagid-system/");
  }

  private static void awaitEvent(String text) {
    InstalledAgents.await(() -> assertThat(events()).contains(text));
  }

  /** Of the Node. */
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
