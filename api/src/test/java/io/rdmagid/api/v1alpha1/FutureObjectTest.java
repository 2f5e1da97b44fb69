package io.rdmagid.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * One object that does not read stops an informer for good: objects of later versions must read.
 */
class FutureObjectTest {
  private static final String FUTURE =
      """
      apiVersion: rdmagid.io/v1alpha1
      kind: RdmaGid
      metadata: {name: node-a.mlx5-0.1-0123abcd}
      spec: {nodeName: node-a, device: mlx5_0, port: 1, plane: {id: 3}}
      status:
        state: HIBERNATING
        linkLayer: UltraEthernet
        mtu: jumbo
        rateGbps: "2.5"
        numaNode: [0, 1]
        netdev: {name: eth0}
        pfName: ens1f0np0
        vfIndex: second
        truncated: perhaps
        vendorID: 15b3
        deviceID: "1021"
        quantum: [1, 2]
        gids:
        - {index: 3, gid: "::ffff:10.0.0.5", type: RoCEv3, netdev: eth0, ifindex: 4, address: 10.0.0.5, colour: red}
        - just text
        - null
        - {index: four, gid: "fe80::1", type: RoCEv2}
        unusable: [3, all]
        preferred: {index: 3, type: RoCEv3, why: new}
        picks: {nccl: 3}
        pools: [fast, {name: slow}]
        conditions:
        - {type: Ready, status: Maybe, reason: X, message: "", lastTransitionTime: soon, since: 1}
        - nonsense
      """;

  @Test
  void whatThisVersionDoesNotKnowStopsNothing() {
    RdmaGid object = Serialization.unmarshal(FUTURE, RdmaGid.class);
    RdmaGidStatus status = object.getStatus();

    assertThat(object.getSpec()).isEqualTo(new RdmaGidSpec("node-a", "mlx5_0", 1));
    assertThat(status.state()).isEqualTo("HIBERNATING");
    assertThat(status.linkLayer()).isEqualTo("UltraEthernet");
    assertThat(status.mtu()).isNull();
    assertThat(status.rateGbps()).isEqualTo(2.5);
    assertThat(status.numaNode()).isNull();
    assertThat(status.pfName()).isEqualTo("ens1f0np0");
    assertThat(status.vfIndex()).isNull();
    assertThat(status.truncated()).isNull();
    assertThat(status.gids())
        .containsExactly(
            new GidRow(3, "::ffff:10.0.0.5", "RoCEv3", "eth0", 4, "10.0.0.5"),
            new GidRow(null, "fe80::1", "RoCEv2", null, null, null));
    assertThat(status.unusable()).containsExactly(3);
    assertThat(status.preferred()).isEqualTo(new PreferredGid(3, null, "RoCEv3", null, null));
    assertThat(status.picks()).isEmpty();
    assertThat(status.pools()).containsExactly("fast");
    assertThat(status.conditions()).extracting(Condition::getStatus).containsExactly("Maybe");
  }

  @Test
  void whatWasReadIsWrittenAndReadTheSame() {
    RdmaGid once = Serialization.unmarshal(FUTURE, RdmaGid.class);
    RdmaGid twice = Serialization.unmarshal(Serialization.asJson(once), RdmaGid.class);

    assertThat(twice.getSpec()).isEqualTo(once.getSpec());
    assertThat(twice.getStatus()).isEqualTo(once.getStatus());
  }

  @Test
  void nullAndAbsentListsAreEmptyAndNothingEmptyIsWritten() {
    String nulls =
        "{\"spec\":{},\"status\":{\"gids\":null,\"picks\":null,\"pools\":[null],\"conditions\":null}}";

    RdmaGidStatus status = Serialization.unmarshal(nulls, RdmaGid.class).getStatus();

    assertThat(status).isEqualTo(RdmaGidStatus.builder().build());
    assertThat(status.gids()).isEmpty();
    assertThat(status.pools()).isEmpty();
    assertThat(Serialization.asJson(status)).isEqualTo("{}");
  }

  @Test
  void listsAreCopiedWithoutNulls() {
    List<String> pools = new ArrayList<>(Arrays.asList("fast", null));
    RdmaGidStatus status = RdmaGidStatus.builder().pools(pools).build();
    pools.add("later");

    assertThat(status.pools()).containsExactly("fast");
  }

  @Test
  void aBuilderOfAStatusBuildsItAgain() {
    RdmaGidStatus status = Serialization.unmarshal(FUTURE, RdmaGid.class).getStatus();

    assertThat(status.toBuilder().build()).isEqualTo(status);
    assertThat(status.toBuilder().mtu(4096).build()).isNotEqualTo(status);
  }
}
