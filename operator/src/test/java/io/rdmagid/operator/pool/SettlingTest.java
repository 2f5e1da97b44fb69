package io.rdmagid.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.rdmagid.api.condition.Conditions;
import io.rdmagid.api.v1alpha1.EffectiveGidRule;
import io.rdmagid.api.v1alpha1.PoolGid;
import io.rdmagid.api.v1alpha1.PoolPortSelector;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.api.v1alpha1.RdmaGidPoolSpec;
import io.rdmagid.api.v1alpha1.RdmaGidPoolStatus;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;
import io.rdmagid.operator.TestClock;
import io.rdmagid.operator.fact.PublishedPort;
import io.rdmagid.pool.PortFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The first rule of a pool, as the agents of a fleet come up one after the other. */
class SettlingTest {
  private static final String IPV4 = "::ffff:10.0.0.1";
  private static final String IPV6 = "fd00::1";

  private final TestClock clock = new TestClock();
  private final List<PublishedPort> ports = new ArrayList<>();
  private Settling settling = new Settling(clock);
  private RdmaGidPool pool = pool(null, null, "Host", 1);

  private static RdmaGidPool pool(
      @Nullable String type, @Nullable String family, String scope, long generation) {
    RdmaGidPool pool = new RdmaGidPool();
    pool.setMetadata(
        new ObjectMetaBuilder()
            .withName("rails")
            .withGeneration(generation)
            .withCreationTimestamp("2026-01-01T00:00:00Z")
            .build());
    pool.setSpec(
        new RdmaGidPoolSpec(
            null,
            null,
            List.of(
                new PoolPortSelector(
                    null, null, null, null, null, null, null, null, null, null, null)),
            new PoolGid(type, family, null, null, scope, null),
            1,
            null,
            null,
            null,
            null));
    return pool;
  }

  private void publish(String node, String gid) {
    publish(node, gid, PortFacts.ETHERNET);
  }

  private void publish(String node, String gid, String linkLayer) {
    ports.removeIf(port -> port.facts().node().equals(node));
    ports.add(
        PublishedPorts.port(
            node,
            "mlx5_0",
            linkLayer,
            true,
            Set.of(),
            List.of(new GidEntry(1, Gid.parse(gid), GidType.ROCE_V2, 2, "ens0"))));
  }

  /** Looks once, and keeps the status. */
  private Optional<Duration> look() {
    PoolStatuses.Made made =
        PoolStatuses.of(
            pool, new Fleet(List.of(pool), ports, Map.of(), List.of()), settling, clock);
    pool.setStatus(made.status());
    return made.again();
  }

  private Optional<String> family() {
    return Optional.ofNullable(pool.getStatus())
        .map(RdmaGidPoolStatus::effective)
        .map(EffectiveGidRule::family);
  }

  @Test
  void thePortThatIsPublishedFirstDoesNotDecide() {
    publish("node-a", IPV6);
    assertThat(look()).contains(Settling.QUIET);
    assertThat(family()).isEmpty();
    assertThat(
            Conditions.find(
                Objects.requireNonNull(pool.getStatus()).conditions(), RdmaGidPoolStatus.DEGRADED))
        .hasValueSatisfying(condition -> {
          assertThat(condition.getReason()).isEqualTo("NoRuleYet");
          assertThat(condition.getMessage()).contains("still being published");
        });

    clock.advance(Duration.ofSeconds(1));
    publish("node-b", IPV4);
    assertThat(look()).contains(Settling.QUIET);
    clock.advance(Duration.ofSeconds(1));
    publish("node-c", IPV4);
    assertThat(look()).contains(Settling.QUIET);

    clock.advance(Duration.ofSeconds(1));
    assertThat(look()).contains(Duration.ofSeconds(1));
    clock.advance(Duration.ofSeconds(1));
    assertThat(look()).isEmpty();
    assertThat(family()).contains("IPv4");
  }

  @Test
  void theFirstPortDoesNotDecideForTheLinkLayerEither() {
    pool = pool(null, null, "Pod", 1);
    publish("node-a", IPV6, PortFacts.INFINIBAND);
    assertThat(look()).contains(Settling.QUIET);
    publish("node-b", IPV4);
    publish("node-c", IPV4);
    assertThat(look()).contains(Settling.QUIET);

    clock.advance(Settling.QUIET);
    assertThat(look()).isEmpty();
    assertThat(family()).contains("IPv4");
  }

  @Test
  void anAddressThatComesLateIsWaitedForToo() {
    publish("node-a", IPV6);
    publish("node-b", "fe80::1");
    assertThat(look()).isPresent();
    clock.advance(Duration.ofSeconds(1));

    publish("node-b", IPV6);

    assertThat(look()).contains(Settling.QUIET);
  }

  @Test
  void aFleetThatNeverStandsStillHasItsRuleAfterHalfAMinute() {
    int seconds = 0;
    for (publish("node-0", IPV4); look().isPresent(); publish("node-" + seconds, IPV4)) {
      assertThat(family()).isEmpty();
      clock.advance(Duration.ofSeconds(1));
      seconds++;
    }

    assertThat(seconds).isEqualTo(30);
    assertThat(family()).contains("IPv4");
  }

  @Test
  void portsThatWentAreWaitedForAnew() {
    publish("node-a", IPV4);
    assertThat(look()).isPresent();
    clock.advance(Duration.ofSeconds(1));
    ports.clear();
    assertThat(look()).isEmpty();
    clock.advance(Duration.ofMinutes(5));

    publish("node-b", IPV6);

    assertThat(look()).contains(Settling.QUIET);
    assertThat(family()).isEmpty();
  }

  @Test
  void anotherOperatorWaitsAnewAndKeepsWhatIsDecided() {
    publish("node-a", IPV4);
    assertThat(look()).contains(Settling.QUIET);
    clock.advance(Duration.ofSeconds(1));

    settling = new Settling(clock);
    assertThat(look()).contains(Settling.QUIET);
    clock.advance(Settling.QUIET);
    assertThat(look()).isEmpty();
    assertThat(family()).contains("IPv4");

    settling = new Settling(clock);
    publish("node-b", IPV6);
    publish("node-c", IPV6);
    assertThat(look()).isEmpty();
    assertThat(family()).contains("IPv4");
  }

  @ParameterizedTest
  @CsvSource({"RoCEv2, IPv4, Host", "RoCEv2, , Pod", "RoCEv2, IPv6, Pod"})
  void aRuleThatThePortsDoNotDecideDoesNotWait(String type, @Nullable String family, String scope) {
    pool = pool(type, family, scope, 1);
    publish("node-a", IPV4);

    assertThat(look()).isEmpty();
    assertThat(family()).isPresent();
  }

  @Test
  void aSpecThatChangesFindsTheFleetThere() {
    publish("node-a", IPV4);
    assertThat(look()).isPresent();
    clock.advance(Settling.QUIET);
    assertThat(look()).isEmpty();

    RdmaGidPool changed = pool(null, null, "Host", 2);
    changed.setStatus(pool.getStatus());
    pool = changed;

    assertThat(look()).isEmpty();
    assertThat(
            Objects.requireNonNull(Objects.requireNonNull(pool.getStatus()).effective())
                .generation())
        .isEqualTo(2);
  }
}
