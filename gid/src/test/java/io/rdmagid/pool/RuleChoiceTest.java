package io.rdmagid.pool;

import static io.rdmagid.gid.GidType.IB;
import static io.rdmagid.gid.GidType.ROCE_V1;
import static io.rdmagid.gid.GidType.ROCE_V2;
import static io.rdmagid.gid.IpFamily.IPV4;
import static io.rdmagid.gid.IpFamily.IPV6;
import static io.rdmagid.pool.Pools.auto;
import static io.rdmagid.pool.Pools.wish;
import static io.rdmagid.pool.Ports.infiniBand;
import static io.rdmagid.pool.Ports.port;
import static io.rdmagid.pool.Ports.table;
import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.gid.GidRule;
import io.rdmagid.gid.GidScope;
import io.rdmagid.gid.GidType;
import io.rdmagid.gid.IpFamily;
import io.rdmagid.gid.IpSubnet;
import io.rdmagid.pool.RuleChoice.Chosen;
import io.rdmagid.pool.RuleChoice.NotYet;
import io.rdmagid.pool.RuleChoice.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;

class RuleChoiceTest {
  private static final String V4 = "::ffff:10.0.0.5";
  private static final String OTHER_V4 = "::ffff:10.1.0.5";
  private static final String V6 = "fd00::5";
  private static final String LINK_LOCAL = "fe80::5";

  private static final PortFacts BOTH =
      port("a", "d", 1, table(V4, ROCE_V1, V4, ROCE_V2, V6, ROCE_V1, V6, ROCE_V2));
  private static final PortFacts ONLY_V6 =
      port("b", "d", 1, table(LINK_LOCAL, ROCE_V2, V6, ROCE_V2));
  private static final PortFacts ALSO_ONLY_V6 = port("c", "d", 1, table(V6, ROCE_V2));
  private static final PortFacts NOTHING = port("d", "d", 1, table(LINK_LOCAL, ROCE_V2));

  private static Chosen chosen(GidWish wish, PortFacts... ports) {
    return (Chosen) RuleChoice.of(wish, List.of(ports));
  }

  private static GidRule rule(GidType type, IpFamily family, String... subnets) {
    return new GidRule(
        type, family, List.of(subnets).stream().map(IpSubnet::parse).toList(), false);
  }

  @Test
  void onTheHostWhatMostPortsServeIsChosenAndTheOthersAreNamed() {
    assertThat(chosen(auto(GidScope.HOST), NOTHING, ALSO_ONLY_V6, ONLY_V6, BOTH))
        .isEqualTo(new Chosen(rule(ROCE_V2, IPV6), List.of(NOTHING.ref())));
  }

  @Test
  void ofEquallyManyTypeGoesBeforeFamily() {
    assertThat(chosen(auto(GidScope.HOST), BOTH).rule()).isEqualTo(rule(ROCE_V2, IPV4));
    PortFacts v1AndV6 = port("a", "d", 1, table(V4, ROCE_V1, V6, ROCE_V2));
    assertThat(chosen(auto(GidScope.HOST), v1AndV6).rule()).isEqualTo(rule(ROCE_V2, IPV6));
    PortFacts onlyV1 = port("a", "d", 1, table(V6, ROCE_V1, LINK_LOCAL, IB));
    assertThat(chosen(auto(GidScope.HOST), onlyV1).rule()).isEqualTo(rule(ROCE_V1, IPV6));
  }

  @Test
  void onlyWhatLiesInTheSubnetsCounts() {
    PortFacts elsewhere = port("b", "d", 1, table(OTHER_V4, ROCE_V2, V6, ROCE_V2));

    assertThat(chosen(auto(GidScope.HOST, "10.0.0.0/16", "fd00::/64"), BOTH, elsewhere))
        .isEqualTo(new Chosen(rule(ROCE_V2, IPV6, "10.0.0.0/16", "fd00::/64"), List.of()));
    assertThat(chosen(auto(GidScope.HOST, "10.0.0.0/16"), BOTH, elsewhere).cannotServe())
        .containsExactly(elsewhere.ref());
  }

  @Test
  void whatTheSpecSaysIsTakenAsItIs() {
    assertThat(chosen(wish(ROCE_V1, null, GidScope.HOST), BOTH, ALSO_ONLY_V6))
        .isEqualTo(new Chosen(rule(ROCE_V1, IPV4), List.of(ALSO_ONLY_V6.ref())));
    assertThat(chosen(wish(ROCE_V1, IPV6, GidScope.HOST), ALSO_ONLY_V6))
        .isEqualTo(new Chosen(rule(ROCE_V1, IPV6), List.of(ALSO_ONLY_V6.ref())));
    assertThat(chosen(wish(ROCE_V1, IPV6, GidScope.HOST)))
        .isEqualTo(new Chosen(rule(ROCE_V1, IPV6), List.of()));
  }

  @Test
  void onTheHostAutoNeedsAPortThatServes() {
    assertThat(RuleChoice.of(auto(GidScope.HOST), List.of()))
        .isEqualTo(new NotYet(Reason.NO_PORTS));
    assertThat(RuleChoice.of(auto(GidScope.HOST), List.of(NOTHING)))
        .isEqualTo(new NotYet(Reason.NO_PORT_SERVES));
  }

  @Test
  void inPodsTheLinkLayerOfMostPortsDecides() {
    assertThat(chosen(auto(GidScope.POD), NOTHING))
        .isEqualTo(new Chosen(rule(ROCE_V2, IPV4), List.of()));
    assertThat(chosen(auto(GidScope.POD), infiniBand("a", "ib", 1)))
        .isEqualTo(new Chosen(rule(IB, IPV6), List.of()));
    assertThat(
            chosen(auto(GidScope.POD), infiniBand("a", "i", 1), infiniBand("b", "i", 1), NOTHING))
        .isEqualTo(new Chosen(rule(IB, IPV6), List.of(NOTHING.ref())));
    assertThat(chosen(auto(GidScope.POD), infiniBand("a", "i", 1), NOTHING))
        .isEqualTo(new Chosen(rule(ROCE_V2, IPV4), List.of(new PortRef("a", "i", 1))));
  }

  @Test
  void inPodsTheFamilyIsIpv4UnlessTheSpecSaysOtherwise() {
    assertThat(chosen(auto(GidScope.POD, "fd00::/64"), ONLY_V6).rule().family()).isEqualTo(IPV6);
    assertThat(chosen(auto(GidScope.POD, "fd00::/64", "10.0.0.0/8"), ONLY_V6).rule().family())
        .isEqualTo(IPV4);
    assertThat(chosen(wish(null, IPV6, GidScope.POD), BOTH).rule().family()).isEqualTo(IPV6);
    assertThat(chosen(wish(ROCE_V1, null, GidScope.POD), BOTH).rule())
        .isEqualTo(rule(ROCE_V1, IPV4));
  }

  @Test
  void inPodsThereIsNoRuleWithoutPorts() {
    assertThat(RuleChoice.of(wish(ROCE_V2, IPV4, GidScope.POD), List.of()))
        .isEqualTo(new NotYet(Reason.NO_PORTS));
  }
}
