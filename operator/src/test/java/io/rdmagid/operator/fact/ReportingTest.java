package io.rdmagid.operator.fact;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReportingTest {
  private static final Instant T0 = Instant.parse("2026-03-01T12:00:00Z");

  private static Pod agent(String ready, Instant since) {
    return new PodBuilder()
        .withNewMetadata()
        .withCreationTimestamp(T0.toString())
        .endMetadata()
        .withNewSpec()
        .withNodeName("node")
        .endSpec()
        .withNewStatus()
        .addNewCondition()
        .withType("Ready")
        .withStatus(ready)
        .withLastTransitionTime(since.toString())
        .endCondition()
        .endStatus()
        .build();
  }

  @Test
  void anAgentIsBelievedFor30SecondsAfterItWasReady() {
    AgentPod away = new AgentPod("a", false, T0);
    AgentPod ready = new AgentPod("b", true, T0.minusSeconds(1000));

    assertThat(Reporting.of(List.of(away, ready), T0.plusSeconds(29)))
        .isEqualTo(new Reporting(Set.of("a", "b"), Optional.of(T0.plusSeconds(30))));
    assertThat(Reporting.of(List.of(away, ready), T0.plusSeconds(30)))
        .isEqualTo(new Reporting(Set.of("b"), Optional.empty()));
  }

  @Test
  void whileOneAgentReplacesAnotherTheNewOneCounts() {
    assertThat(
            Reporting.of(
                    List.of(
                        new AgentPod("a", false, T0.minusSeconds(60)), new AgentPod("a", true, T0)),
                    T0)
                .nodes())
        .containsExactly("a");
  }

  /** The kubelet says since when, by the clock of its node. */
  @Test
  void anAgentOfANodeWhoseClockIsAheadIsBelievedFor30SecondsToo() {
    FirstSights sights = new FirstSights();
    AgentPod ahead = new AgentPod("a", false, T0.plusSeconds(3600));
    AgentPod honest = new AgentPod("b", false, T0.minusSeconds(10));
    AgentPod ready = new AgentPod("c", true, T0.plusSeconds(3600));
    List<AgentPod> all = List.of(ahead, honest, ready);

    assertThat(sights.clip(all, Set.of(), T0))
        .containsExactly(new AgentPod("a", false, T0), honest, ready);
    assertThat(Reporting.of(sights.clip(all, Set.of(), T0.plusSeconds(29)), T0.plusSeconds(29)))
        .isEqualTo(new Reporting(Set.of("a", "c"), Optional.of(T0.plusSeconds(30))));
    for (int seconds : List.of(30, 3600, 3610)) {
      Instant later = T0.plusSeconds(seconds);
      assertThat(Reporting.of(sights.clip(all, Set.of(), later), later).nodes())
          .as("after %d s", seconds)
          .containsExactly("c");
    }
  }

  @Test
  void whatIsForgottenOfAnAgentThatWasReadyMeanwhileIsSeenAnew() {
    FirstSights sights = new FirstSights();
    List<AgentPod> away = List.of(new AgentPod("a", false, T0.plusSeconds(3600)));
    List<AgentPod> _ = sights.clip(away, Set.of(), T0);
    List<AgentPod> _ =
        sights.clip(List.of(new AgentPod("a", true, T0)), Set.of(), T0.plusSeconds(60));

    assertThat(sights.clip(away, Set.of(), T0.plusSeconds(90)))
        .containsExactly(new AgentPod("a", false, T0.plusSeconds(90)));
  }

  @Test
  void oneThatWasGivenUpAndWhoseTimeTellsNothingIsGivenNone() {
    Set<String> givenUp = Set.of("a", "b");

    assertThat(
            Reporting.of(
                new FirstSights()
                    .clip(
                        List.of(
                            AgentPod.missing("a"),
                            new AgentPod("b", false, T0.minusSeconds(1)),
                            AgentPod.missing("c")),
                        givenUp,
                        T0),
                T0))
        .isEqualTo(new Reporting(Set.of("b", "c"), Optional.of(T0.plusSeconds(29))));
  }

  @Test
  void whatAPodTells() {
    assertThat(AgentPod.of(agent("True", T0.plusSeconds(5))))
        .contains(new AgentPod("node", true, T0.plusSeconds(5)));
    assertThat(AgentPod.of(agent("Unknown", T0.plusSeconds(5))))
        .contains(new AgentPod("node", false, T0.plusSeconds(5)));
    Pod fresh = agent("False", T0);
    fresh.setStatus(null);
    assertThat(AgentPod.of(fresh)).contains(new AgentPod("node", false, T0));
    fresh.getMetadata().setCreationTimestamp("soon");
    assertThat(AgentPod.of(fresh)).contains(new AgentPod("node", false, Instant.EPOCH));
    fresh.setSpec(null);
    assertThat(AgentPod.of(fresh)).isEmpty();
  }
}
