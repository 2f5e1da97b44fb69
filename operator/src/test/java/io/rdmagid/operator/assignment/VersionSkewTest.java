package io.rdmagid.operator.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.rdmagid.api.v1alpha1.AssignmentMapping;
import io.rdmagid.api.v1alpha1.ParsedAssignment;
import io.rdmagid.api.v1alpha1.ParsedPool;
import io.rdmagid.api.v1alpha1.PoolParser;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.operator.Golden;
import io.rdmagid.operator.TestClock;
import io.rdmagid.operator.assignment.PodApi.PodRef;
import io.rdmagid.operator.fact.PublishedPort;
import io.rdmagid.operator.failover.HeldPod;
import io.rdmagid.pool.FailoverPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Objects of agents and operators of other versions, as this operator takes them. */
class VersionSkewTest {
  private static final PodRef POD = new PodRef("team", "train-0", "uid-0");
  private static final Difference.Check NONE = new Difference.Check(List.of(), true);

  @ParameterizedTest
  @ValueSource(strings = {"previous", "next"})
  void whatIsLessOrMoreIsUnderstood(String version) {
    PublishedPort port = PublishedPort.of(object(version, RdmaGid.class)).orElseThrow();
    assertThat(port.usable()).hasSize(1);
    assertThat(port.unusable()).isEmpty();
    assertThat(port.facts().active()).isTrue();
    assertThat(port.facts().linkLayer()).isEqualTo("Ethernet");

    RdmaGidAssignment assignment = object(version, RdmaGidAssignment.class);
    assertThat(HeldPod.of(assignment).orElseThrow().pools())
        .containsEntry("rails", new HeldPod.Ports(1, 0, 0, 0));
    List<AssignedPort> ports =
        ((ParsedAssignment.Valid) AssignmentMapping.parse(assignment)).assignment().ports();
    FakePodApi api = new FakePodApi(POD, null, null);
    Optional<Duration> _ = copy(api).show(POD, ports, NONE);
    assertThat(api.condition().getReason()).isEqualTo("Assigned");
    assertThat(api.annotation()).contains("\"device\":\"mlx5_0\",\"port\":1,\"index\":3,");

    ParsedPool.Valid pool = (ParsedPool.Valid) PoolParser.parse(object(version, RdmaGidPool.class));
    assertThat(pool.effective()).hasValueSatisfying(rule -> assertThat(rule.revision()).isOne());
    assertThat(pool.failover()).isEqualTo(FailoverPolicy.NONE);
  }

  @Test
  void whatIsInNewWordsIsAbsent() {
    assertThat(PublishedPort.of(object("next-new-words", RdmaGid.class))).isEmpty();
    RdmaGidAssignment assignment = object("next-new-words", RdmaGidAssignment.class);
    assertThat(HeldPod.of(assignment)).isEmpty();
    assertThat(AssignmentMapping.parse(assignment)).isInstanceOf(ParsedAssignment.Invalid.class);
    assertThat(PoolParser.parse(object("next-new-words", RdmaGidPool.class)))
        .isInstanceOf(ParsedPool.Invalid.class);
  }

  @Test
  void anAnnotationWithMoreIsReadAndOneOfAnotherVersionIsReplaced() {
    String more =
        """
        {"v":1,"plane":2,"ports":[{"container":"train","pool":"rails","device":"mlx5_0","port":1,"index":3,
          "gid":"::ffff:10.0.0.1","type":"RoCEv2","netdev":"net1","address":"10.0.0.1","scope":"Pod",
          "state":"current","generation":1,"lane":7}]}
        """;
    List<AssignedPort> ports =
        List.of(AssignedPorts.current("train", "mlx5_0", 3, "::ffff:10.0.0.1", 1));
    FakePodApi same = new FakePodApi(POD, more, null);
    Optional<Duration> _ = copy(same).show(POD, ports, NONE);
    assertThat(same.told).as("nothing happened").isEmpty();

    FakePodApi other = new FakePodApi(POD, "{\"v\":2,\"rails\":[]}", null);
    Optional<Duration> _ = copy(other).show(POD, ports, NONE);
    assertThat(other.annotation()).startsWith("{\"v\":1,");
  }

  private static PodCopy copy(FakePodApi api) {
    TestClock clock = new TestClock();
    return new PodCopy(api, new StandingDifferences(clock), "rdmagid.io/"::concat, clock);
  }

  private static <T extends HasMetadata> T object(String version, Class<T> type) {
    return new Golden(Path.of("../api/src/test/resources/skew", version, "objects.yaml"))
        .objects(type)
        .getFirst();
  }
}
