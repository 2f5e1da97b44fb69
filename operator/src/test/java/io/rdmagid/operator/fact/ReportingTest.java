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
