package io.rdmagid.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.rdmagid.api.v1alpha1.Parsed.Problem;
import io.rdmagid.gid.GidRule;
import io.rdmagid.gid.GidScope;
import io.rdmagid.gid.GidType;
import io.rdmagid.gid.IpFamily;
import io.rdmagid.gid.IpSubnet;
import io.rdmagid.pool.EffectiveRule;
import io.rdmagid.pool.FailoverPolicy;
import io.rdmagid.pool.GidChangeAction;
import io.rdmagid.pool.GidWish;
import io.rdmagid.pool.Glob;
import io.rdmagid.pool.NodeSelector;
import io.rdmagid.pool.Pool;
import io.rdmagid.pool.PortSelector;
import io.rdmagid.pool.VirtualFunctions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PoolParserTest {
  private static final String METADATA =
      "metadata: {name: fast, generation: 3, creationTimestamp: \"2026-01-01T12:00:00Z\"}\n";
  private static final Instant CREATED = Instant.parse("2026-01-01T12:00:00Z");

  private static RdmaGidPool pool(String yaml) {
    return Serialization.unmarshal(
        "apiVersion: rdmagid.io/v1alpha1\nkind: RdmaGidPool\n" + yaml, RdmaGidPool.class);
  }

  private static List<String> problems(String yaml) {
    return ((ParsedPool.Invalid) PoolParser.parse(pool(yaml)))
        .problems().stream().map(Problem::toString).toList();
  }

  @Test
  void whatTheSpecLeavesOutIsWhatTheSchemaSays() {
    assertThat(PoolParser.parse(pool(METADATA + "spec: {ports: [{}]}")))
        .isEqualTo(
            new ParsedPool.Valid(
                new Pool(
                    "fast",
                    "rdmagid.io/fast",
                    CREATED,
                    3,
                    NodeSelector.ANY,
                    List.of(PortSelector.ANY),
                    new GidWish(
                        Optional.empty(), Optional.empty(), List.of(), false, GidScope.POD, true),
                    1,
                    Set.of(),
                    OptionalInt.empty(),
                    false,
                    false),
                Optional.empty(),
                FailoverPolicy.NONE));
  }

  @Test
  void everythingThatTheSpecSaysIsRead() {
    ParsedPool parsed =
        PoolParser.parse(
            pool(
                METADATA
                    + """
                    spec:
                      resourceName: rdmagid.io/rail_0
                      nodeSelector: {matchLabels: {rack: "3"}}
                      ports:
                      - names: [mlx5_*]
                        netdevs: [ens*]
                        drivers: [mlx5_core]
                        vendors: [15b3]
                        deviceIDs: ["101?"]
                        pciAddresses: ["0000:3b:*"]
                        pfNames: [{name: "ens1f?np0", first: 1, last: 3}, {name: ens2, last: 0}, {name: ens3, first: 65535}, {name: ens4}]
                        linkLayers: [Ethernet, InfiniBand]
                        numaNodes: [0, 1]
                        minRateGbps: 2.5
                        subnets: [10.0.0.0/16]
                      gid: {type: RoCEv1, family: IPv6, subnets: ["fd00::/64"], allowLinkLocal: true, scope: Host, required: false}
                      podsPerPort: 256
                      libraries: [nccl, ucx]
                      memlock: true
                      traffic: {dscp: 26}
                    """));

    assertThat(((ParsedPool.Valid) parsed).pool())
        .isEqualTo(
            new Pool(
                "fast",
                "rdmagid.io/rail_0",
                CREATED,
                3,
                new NodeSelector(Map.of("rack", "3")),
                List.of(
                    new PortSelector(
                        List.of(new Glob("mlx5_*")),
                        List.of(new Glob("ens*")),
                        List.of(new Glob("mlx5_core")),
                        List.of(new Glob("15b3")),
                        List.of(new Glob("101?")),
                        List.of(new Glob("0000:3b:*")),
                        List.of(
                            new VirtualFunctions(new Glob("ens1f?np0"), 1, 3),
                            new VirtualFunctions(new Glob("ens2"), 0, 0),
                            new VirtualFunctions(new Glob("ens3"), 65_535, 65_535),
                            new VirtualFunctions(new Glob("ens4"), 0, 65_535)),
                        List.of("Ethernet", "InfiniBand"),
                        List.of(0, 1),
                        2.5,
                        List.of(IpSubnet.parse("10.0.0.0/16")))),
                new GidWish(
                    Optional.of(GidType.ROCE_V1),
                    Optional.of(IpFamily.IPV6),
                    List.of(IpSubnet.parse("fd00::/64")),
                    true,
                    GidScope.HOST,
                    false),
                256,
                Set.of("nccl", "ucx"),
                OptionalInt.of(104),
                true,
                false));
  }

  @Test
  void aPoolThatIsBeingDeletedIsLeaving() {
    String leaving = METADATA.replace("}", ", deletionTimestamp: \"2026-01-02T12:00:00Z\"}");

    ParsedPool parsed = PoolParser.parse(pool(leaving + "spec: {ports: [{}]}"));

    assertThat(((ParsedPool.Valid) parsed).pool().leaving()).isTrue();
  }

  @Test
  void allProblemsAreNamed() {
    assertThat(
            problems(
                """
                metadata: {name: fast.lane, creationTimestamp: yesterday, generation: -1}
                spec:
                  resourceName: nvidia.com/gpu
                  ports:
                  - {subnets: [10.0.0.1/16], linkLayers: [Token Ring], minRateGbps: -1}
                  - {subnets: [10.0.0.0/16, x]}
                  gid: {type: RoCE, family: IPv4, subnets: ["fd00::/64"], scope: Rack}
                  podsPerPort: 257
                  traffic: {class: 256, dscp: -1}
                """))
        .containsExactly(
            "metadata.name is no DNS label (at most 63 of a-z, 0-9 and -): 'fast.lane'",
            "metadata.creationTimestamp is no time of RFC 3339: 'yesterday'",
            "metadata.generation is negative: -1",
            "spec.resourceName is not rdmagid.io/ and at most 63 of a-z, 0-9, -, _ and .: 'nvidia.com/gpu'",
            "spec.ports[0].linkLayers[0] is no link layer that this version knows: 'Token Ring'",
            "spec.ports[0].minRateGbps is not 0 or more: -1.0",
            "spec.ports[0].subnets[0] is no subnet: 10.0.0.1 has bits set behind the first 16: 10.0.0.0/16 is the subnet"
                + " it lies in",
            "spec.ports[1].subnets[1] is no subnet: not a subnet: 'x' (10.0.0.0/16 or fd00::/64 is expected)",
            "spec.gid.type is no type that this version knows: 'RoCE'",
            "spec.gid.subnets hold no IPv4 address, as family asks for",
            "spec.gid.scope is no scope that this version knows: 'Rack'",
            "spec.podsPerPort is not 1 to 256: 257",
            "spec.traffic has both class and dscp: class is dscp times 4",
            "spec.traffic.class is not 0 to 255: 256",
            "spec.traffic.dscp is not 0 to 63: -1");
    assertThat(problems("metadata: {}\nspec: {}"))
        .containsExactly(
            "metadata.name is missing or of the wrong type",
            "metadata.creationTimestamp is missing or of the wrong type",
            "metadata.generation is missing or of the wrong type",
            "spec.ports has no selector: {} means every port");
    assertThat(problems(METADATA)).containsExactly("spec is missing or of the wrong type");
  }

  @Test
  void allProblemsOfVirtualFunctionsAreNamed() {
    String long64 = "e".repeat(64);
    assertThat(
            problems(
                METADATA
                    + """
                    spec:
                      ports:
                      - pfNames:
                        - {name: ens1, first: 4, last: 3}
                        - {name: ens1, first: -1, last: 65536}
                        - {name: "ens1#0-3"}
                        - {name: "ens 1"}
                        - {name: %s}
                        - {name: ""}
                        - {first: 1}
                      - pfNames: [%s]
                    """
                        .formatted(long64, "{name: ens1}, ".repeat(65))))
        .containsExactly(
            "spec.ports[0].pfNames[0].last is less than first: 3 < 4",
            "spec.ports[0].pfNames[1].first is not 0 to 65535: -1",
            "spec.ports[0].pfNames[1].last is not 0 to 65535: 65536",
            "spec.ports[0].pfNames[2].name is no name or pattern of a netdev (at most 63 characters, no white space, /, : or"
                + " #): 'ens1#0-3'",
            "spec.ports[0].pfNames[3].name is no name or pattern of a netdev (at most 63 characters, no white space, /, : or"
                + " #): 'ens 1'",
            "spec.ports[0].pfNames[4].name is no name or pattern of a netdev (at most 63 characters, no white space, /, : or"
                + " #): '"
                + long64
                + "'",
            "spec.ports[0].pfNames[5].name is missing or of the wrong type",
            "spec.ports[0].pfNames[6].name is missing or of the wrong type",
            "spec.ports[1].pfNames has 65 elements, more than 64");
  }

  @Test
  void whatAPoolSaysOfFailoverIsRead() {
    assertThat(failover("{}")).isEqualTo(FailoverPolicy.NONE);
    assertThat(failover("{gracePeriodSeconds: 0}").onGidChange())
        .isEqualTo(GidChangeAction.REFRESH);
    assertThat(failover("{onGidChange: Evict, gracePeriodSeconds: 5}"))
        .isEqualTo(new FailoverPolicy(GidChangeAction.EVICT, Duration.ofSeconds(5), false));
    assertThat(failover("{onGidChange: EvictGroup, dryRun: true}"))
        .isEqualTo(new FailoverPolicy(GidChangeAction.EVICT_GROUP, Duration.ofMinutes(1), true));
    assertThat(
            problems(
                METADATA
                    + "spec: {ports: [{}], failover: {onGidChange: Explode, gracePeriodSeconds: -1}}"))
        .containsExactly(
            "spec.failover.onGidChange is no action that this version knows: 'Explode'",
            "spec.failover.gracePeriodSeconds is not 0 to 86400: -1");
  }

  private static FailoverPolicy failover(String fields) {
    RdmaGidPool pool = pool(METADATA + "spec: {ports: [{}], failover: " + fields + "}");
    return ((ParsedPool.Valid) PoolParser.parse(pool)).failover();
  }

  @Test
  void anEffectiveRuleThatIsNotWholeIsNone() {
    String whole =
        "type: RoCEv2, family: IPv4, allowLinkLocal: false, scope: Pod, required: true, generation: 3, revision: 1";

    assertThat(effective(whole)).isPresent();
    for (String part : whole.split(", ", -1)) {
      assertThat(effective(whole.replace(part, "x: y"))).as("without %s", part).isEmpty();
    }
    assertThat(effective(whole.replace("RoCEv2", "RoCEv3"))).isEmpty();
    assertThat(effective(whole + ", subnets: [10.0.0.1/16]")).isEmpty();
  }

  private static Optional<EffectiveRule> effective(String fields) {
    RdmaGidPool pool =
        pool(METADATA + "spec: {ports: [{}]}\nstatus: {effective: {" + fields + "}}");
    return ((ParsedPool.Valid) PoolParser.parse(pool)).effective();
  }

  @Property(tries = 200)
  void anEffectiveRuleComesBackFromTheServerAsItWas(@ForAll("rules") EffectiveRule rule) {
    RdmaGidPool pool = pool(METADATA + "spec: {ports: [{}]}");
    pool.setStatus(
        new RdmaGidPoolStatus(EffectiveGidRule.of(rule), null, null, null, null, null, List.of()));

    ParsedPool parsed =
        PoolParser.parse(Serialization.unmarshal(Serialization.asJson(pool), RdmaGidPool.class));

    assertThat(((ParsedPool.Valid) parsed).effective()).contains(rule);
    assertThat(rule.isFor(((ParsedPool.Valid) parsed).pool())).isEqualTo(rule.generation() == 3);
  }

  @Provide
  Arbitrary<EffectiveRule> rules() {
    Arbitrary<GidRule> rule =
        Combinators.combine(
                Arbitraries.of(GidType.class),
                Arbitraries.of(IpFamily.class),
                Arbitraries.of("10.0.0.0/16", "fd00::/64", "::/0", "0.0.0.0/0")
                    .map(IpSubnet::parse)
                    .list()
                    .ofMaxSize(4),
                Arbitraries.of(true, false))
            .as(GidRule::new);
    return Combinators.combine(
            rule,
            Arbitraries.of(GidScope.class),
            Arbitraries.of(true, false),
            Arbitraries.longs().between(1, 5),
            Arbitraries.longs().greaterOrEqual(1))
        .as(EffectiveRule::new);
  }
}
