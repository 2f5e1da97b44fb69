package io.rdmagid.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetSpec;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.rdmagid.e2e.testbed.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Helm makes of values of the chart, and which it refuses. */
class ChartTest {
  private static final Map<String, String> SELECTED =
      Map.of("app.kubernetes.io/name", "rdmagid-agent", "app.kubernetes.io/instance", "rdmagid");

  @Test
  void anUpdateReplacesATenthOfTheAgentsAtATime() {
    DaemonSetSpec agents = agents();
    assertThat(agents.getMinReadySeconds()).isZero();
    assertThat(agents.getUpdateStrategy().getType()).isEqualTo("RollingUpdate");
    assertThat(agents.getUpdateStrategy().getRollingUpdate().getMaxUnavailable().getStrVal())
        .isEqualTo("10%");
  }

  @Test
  void agentsCanWaitForWhoDeletesThem() {
    DaemonSetSpec agents = agents("agent.updateStrategy=OnDelete", "agent.minReadySeconds=30");
    assertThat(agents.getMinReadySeconds()).isEqualTo(30);
    assertThat(agents.getUpdateStrategy().getType()).isEqualTo("OnDelete");
    assertThat(agents.getUpdateStrategy().getRollingUpdate()).isNull();
  }

  /** A selector cannot change after the installation. */
  @Test
  void podsHaveTheVersionAndNothingSelectsByIt() {
    DaemonSetSpec agents = agents();
    assertThat(agents.getSelector().getMatchLabels()).isEqualTo(SELECTED);
    assertThat(agents.getTemplate().getMetadata().getLabels())
        .containsAllEntriesOf(SELECTED)
        .containsKey("app.kubernetes.io/version");
  }

  @Test
  void labelsAnnotationsAndAffinityAreAdded() {
    DaemonSetSpec agents =
        agents(
            "agent.podLabels.team=network",
            "agent.podAnnotations.team=rdma",
            "agent.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution"
                + ".nodeSelectorTerms[0].matchExpressions[0].key=rail");
    assertThat(agents.getTemplate().getMetadata().getLabels())
        .containsAllEntriesOf(SELECTED)
        .containsEntry("team", "network");
    assertThat(agents.getTemplate().getMetadata().getAnnotations()).containsEntry("team", "rdma");
    assertThat(
            agents
                .getTemplate()
                .getSpec()
                .getAffinity()
                .getNodeAffinity()
                .getRequiredDuringSchedulingIgnoredDuringExecution()
                .getNodeSelectorTerms())
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "agent.podLabels.app\\.kubernetes\\.io/name=another",
        "agent.updateStrategy=Recreate",
        "agent.minReadySeconds=-1"
      })
  void whatCannotBeIsRefused(String value) {
    Output output = OperatorCluster.chart(List.of("--set=" + value));
    assertThat(output.ok()).as(output.out()).isFalse();
    assertThat(output.err()).contains("schema");
  }

  private static DaemonSetSpec agents(String... values) {
    List<String> options = new ArrayList<>(List.of("--show-only=templates/daemonset.yaml"));
    for (String value : values) {
      options.add("--set=" + value);
    }
    String text = OperatorCluster.chart(options).orThrow("helm template");
    return Serialization.unmarshal(text, DaemonSet.class).getSpec();
  }
}
