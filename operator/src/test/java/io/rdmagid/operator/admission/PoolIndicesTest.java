package io.rdmagid.operator.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.operator.fact.ClusterFacts;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PoolIndicesTest {
  private static final int BURST = 1000;

  private final ClusterFacts facts = new ClusterFacts();
  private final AtomicInteger computed = new AtomicInteger();
  private final PoolIndices pools =
      new PoolIndices(
          facts,
          pool -> {
            int _ = computed.incrementAndGet();
            return PoolPorts.of(pool, facts);
          });

  @BeforeEach
  void fleet() {
    pool("rails", "{}");
    port("node-a", 3);
    port("node-b", 5);
  }

  @Test
  void aBurstOfPodsOfOnePoolIsOneComputation() {
    for (int i = 0; i < BURST; i++) {
      assertThat(warnings())
          .containsExactly(
              "rdmagid: container main: NCCL_IB_GID_INDEX=3 is wrong on 1 of 2 nodes with RoCE"
                  + " addresses in pool rails: node-b has 5");
    }
    assertThat(computed).hasValue(1);
  }

  @Test
  void aChangedPortIsSeenByTheNextReview() {
    assertThat(warnings()).hasSize(1);

    port("node-b", 3);

    assertThat(warnings()).isEmpty();
    assertThat(computed).hasValue(2);
    port("node-b", 3);
    assertThat(warnings()).as("it says the same again").isEmpty();
    assertThat(computed).hasValue(2);
  }

  @Test
  void aPortThatGoesIsSeenByTheNextReview() {
    assertThat(warnings()).hasSize(1);

    RdmaGid _ = facts.ports().remove("node-b.mlx5_0.1");

    assertThat(warnings()).isEmpty();
  }

  @Test
  void aRuleThatChangedIsSeenByTheNextReview() {
    assertThat(warnings()).hasSize(1);

    RdmaGidPool _ = facts.pools().put("rails", object("rails", "{}", "IPv6"));

    assertThat(warnings()).as("no address of that family is right anywhere").isEmpty();
  }

  /** What an agent does not say is computed by the labels of its Node. */
  @Test
  void aLabelThatChangedIsSeenByTheNextReview() {
    pool("rails", "{matchLabels: {rack: a}}");
    unassigned("node-a", 3);
    unassigned("node-b", 5);
    node("node-a", "a");
    node("node-b", "b");
    assertThat(warnings()).isEmpty();

    node("node-b", "a");

    assertThat(warnings()).singleElement().asString().endsWith("node-b has 5");
  }

  private List<String> warnings() {
    Pod pod =
        Serialization.unmarshal(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: a}
            spec:
              containers:
              - name: main
                resources: {limits: {rdmagid.io/rails: 1}}
                env: [{name: NCCL_IB_GID_INDEX, value: "3"}]
            """,
            Pod.class);
    return PodAdmission.of(new Subject(true, pod.getMetadata(), pod.getSpec()), Optional.of(pools))
        .warnings();
  }

  private void pool(String name, String nodeSelector) {
    RdmaGidPool _ = facts.pools().put(name, object(name, nodeSelector, "IPv4"));
  }

  private static RdmaGidPool object(String name, String nodeSelector, String family) {
    return Serialization.unmarshal(
        """
        kind: RdmaGidPool
        metadata: {name: %s, generation: 1, creationTimestamp: "2026-03-01T12:00:00Z"}
        spec: {ports: [{}], gid: {scope: Host}, nodeSelector: %s}
        status:
          effective: {type: RoCEv2, family: %s, subnets: [], allowLinkLocal: false, scope: Host, required: true, generation: 1, revision: 1}
        """
            .formatted(name, nodeSelector, family),
        RdmaGidPool.class);
  }

  private void port(String node, int index) {
    port(node, index, "pools: [rails], ");
  }

  private void unassigned(String node, int index) {
    port(node, index, "");
  }

  private void port(String node, int index, String pools) {
    RdmaGid object =
        Serialization.unmarshal(
            """
            kind: RdmaGid
            metadata: {name: %1$s.mlx5_0.1}
            spec: {nodeName: %1$s, device: mlx5_0, port: 1}
            status: {linkLayer: Ethernet, state: ACTIVE, %3$sgids: [{index: %2$d, gid: "::ffff:10.0.0.1", type: RoCEv2, netdev: ens0, ifindex: 2}]}
            """
                .formatted(node, index, pools),
            RdmaGid.class);
    RdmaGid _ = facts.ports().put(object.getMetadata().getName(), object);
  }

  private void node(String name, String rack) {
    Node object =
        Serialization.unmarshal(
            """
            kind: Node
            metadata: {name: %s, labels: {rack: %s}}
            """
                .formatted(name, rack),
            Node.class);
    Node _ = facts.nodes().put(name, object);
  }
}
