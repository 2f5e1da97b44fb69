package io.rdmagid.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.rdmagid.api.v1alpha1.ParsedPool;
import io.rdmagid.api.v1alpha1.PoolParser;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChosenForTest {
  private static final String SPEC =
      """
      nodeSelector: {matchLabels: {rack: a, zone: b}}
      ports: [{names: ["mlx5_*"], minRateGbps: 100}]
      gid: {type: Auto, family: Auto, subnets: [10.0.0.0/16], scope: Host}
      """;

  private static String digest(String spec) {
    RdmaGidPool pool =
        Serialization.unmarshal(
            """
            metadata: {name: rails, generation: 1, creationTimestamp: "2026-01-01T00:00:00Z"}
            spec:
            %s\
            """
                .formatted(spec.indent(2)),
            RdmaGidPool.class);
    ParsedPool.Valid parsed = (ParsedPool.Valid) PoolParser.parse(pool);
    return ChosenFor.digest(parsed.pool(), pool.getSpec().ports());
  }

  /**
   * Versions of the operator come one after the other: it is the same in the next, if it can be.
   */
  @Test
  void theDigestIsThatOfThePartsAndOfNothingElse() {
    assertThat(digest(SPEC)).isEqualTo("686da2b65cac425d");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "resourceName: rdmagid.io/fast",
        "podsPerPort: 4",
        "libraries: [nccl]",
        "memlock: true",
        "traffic: {class: 104}",
        "failover: {onGidChange: Evict}",
      })
  void whatNoRuleIsChosenForChangesNothing(String part) {
    assertThat(digest(SPEC + part + "\n")).isEqualTo(digest(SPEC));
  }

  @Test
  void whatTheSchemasDefaultsSayAndTheOrderOfLabelsChangeNothing() {
    assertThat(digest(SPEC.replace("type: Auto, family: Auto, ", ""))).isEqualTo(digest(SPEC));
    assertThat(digest(SPEC.replace("scope: Host", "scope: Host, required: false")))
        .isEqualTo(digest(SPEC));
    assertThat(digest(SPEC.replace("rack: a, zone: b", "zone: b, rack: a")))
        .isEqualTo(digest(SPEC));
    assertThat(digest("ports: [{}]\n")).isEqualTo(digest("ports: [{}]\ngid: {scope: Pod}\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zone: b; zone: c",
        "rack: a, zone: b; zone: b",
        "names: [\"mlx5_*\"]; names: [\"mlx5_0\"]",
        "minRateGbps: 100; minRateGbps: 200",
        "{names; {}, {names",
        "type: Auto; type: RoCEv2",
        "family: Auto; family: IPv4",
        "10.0.0.0/16; 10.0.0.0/17",
        "scope: Host; scope: Pod",
        "scope: Host; scope: Host, allowLinkLocal: true",
      })
  void whatPicksPortsOrTheirEntriesDoes(String change) {
    String[] parts = change.split("; ", 2);

    assertThat(SPEC).contains(parts[0]);
    assertThat(digest(SPEC.replace(parts[0], parts[1]))).isNotEqualTo(digest(SPEC));
  }
}
