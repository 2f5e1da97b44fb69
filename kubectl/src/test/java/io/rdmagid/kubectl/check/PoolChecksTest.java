package io.rdmagid.kubectl.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.kubectl.snapshot.Clusters;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What failover says of a pool of the healthy cluster. */
class PoolChecksTest {
  /** Of pool rail, whose conditions begin with this. */
  private static List<String> findings(String edit) {
    String yaml = Clusters.edited(4, "    conditions:\n", edit + "\n");
    return Checks.of(Clusters.snapshot(yaml)).stream()
        .map(finding ->
            finding.kind().text() + " | " + finding.subject() + " | " + finding.message())
        .toList();
  }

  private static String group(String fields) {
    return "    failover: {evictions: 1, groups: [{" + fields + "}]}\n    conditions:";
  }

  @Test
  void anOpenBreakerIsWrongAndAClosedOneIsNot() {
    String breaker =
        "    conditions:\n      - {type: BreakerOpen, status: '%s', reason: TooManyBroken,"
            + " message: '12 of the 40 ports that pods hold are broken at once',"
            + " lastTransitionTime: '2026-03-01T10:00:00Z'}";

    assertThat(findings(breaker.formatted("True")))
        .containsExactly(
            "PoolBreakerOpen | pool rail | TooManyBroken: 12 of the 40 ports that pods hold are broken"
                + " at once");
    assertThat(findings(breaker.formatted("False"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PoolBudget",
        "ClusterBudget",
        "DisruptionBudget",
        "Refused",
        "GroupTooLarge",
        "GroupBusy",
        "OfALaterVersion"
      })
  void whatHoldsAGroupUpIsTold(String reason) {
    assertThat(
            findings(
                group(
                    "uid: u, phase: Waiting, since: '2026-03-01T10:06:00Z', reason: "
                        + reason
                        + ", pods: [{namespace: train, name: worker-0, uid: u}]")))
        .containsExactly(
            "EvictionHeldUp | pool rail | "
                + reason
                + ": train/worker-0, broken since 2026-03-01T10:06:00Z");
  }

  @Test
  void ofAGroupThatWasStartedThoseThatAreLeftAreNamed() {
    assertThat(
            findings(
                group(
                    "uid: train/job, phase: Evicting, reason: DisruptionBudget, pods: [{namespace:"
                        + " train, name: a, uid: a, evicted: true}, {namespace: train, name: b,"
                        + " uid: b}]")))
        .containsExactly("EvictionHeldUp | pool rail | DisruptionBudget: train/b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "phase: Waiting",
        "phase: Evicting",
        "phase: WouldEvict",
        "phase: Waiting, reason: Recovered",
        "phase: Waiting, reason: AgentNotReady",
        "phase: Waiting, reason: BreakerOpen",
        "phase: Evicting, reason: PoolDoesNotEvict"
      })
  void whatIsUnderWayOrGivenUpIsNotWrong(String fields) {
    assertThat(
            findings(
                group(
                    "uid: u, " + fields + ", pods: [{namespace: train, name: worker-0, uid: u}]")))
        .isEmpty();
  }
}
