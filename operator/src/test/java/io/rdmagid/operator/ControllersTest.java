package io.rdmagid.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.RegisteredController;
import io.javaoperatorsdk.operator.api.config.ControllerConfiguration;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.operator.fact.ClusterFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ControllersTest {
  /** There is one for each pod of the fleet that has a GID. */
  @Test
  void whoeverWatchesAssignmentsReadsThemByPageAndKeepsWhatItNeeds() {
    OperatorConfig config =
        ((OperatorConfig.Result.Valid)
                OperatorConfig.parse(List.of("--leader-election-namespace=rdmagid"), Map.of()))
            .config();
    try (KubernetesClient client = new KubernetesClientBuilder().build()) {
      Operator operator =
          OperatorMain.operator(config, client, new ClusterFacts(), new SimpleMeterRegistry());

      List<ControllerConfiguration<?>> watching = new ArrayList<>();
      for (RegisteredController<?> controller : operator.getRegisteredControllers()) {
        if (controller.getConfiguration().getResourceClass() == RdmaGidAssignment.class) {
          watching.add(controller.getConfiguration());
        }
      }
      assertThat(watching)
          .extracting(ControllerConfiguration::getName)
          .containsExactlyInAnyOrder("assignment", "group");
      assertThat(watching)
          .allSatisfy(controller -> {
            assertThat(controller.getInformerConfig().getInformerListLimit()).isEqualTo(500);
            assertThat(controller.getInformerConfig().getItemStore()).isNotNull();
          });
    }
  }
}
