package io.rdmagid.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.RegisteredController;
import io.javaoperatorsdk.operator.api.config.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.operator.fact.ClusterFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What controllers are set to: the SDK's defaults lose changes, and give up. */
class ControllersTest {
  private final KubernetesClient client = new KubernetesClientBuilder().build();

  /** One that says nothing of how it is to be run. */
  private static final class Unset implements Reconciler<RdmaGidPool> {
    @Override
    public UpdateControl<RdmaGidPool> reconcile(RdmaGidPool pool, Context<RdmaGidPool> context) {
      return UpdateControl.noUpdate();
    }
  }

  @AfterEach
  void close() {
    client.close();
  }

  private Operator operator(String... options) {
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.add("--leader-election-namespace=rdmagid");
    OperatorConfig config =
        ((OperatorConfig.Result.Valid) OperatorConfig.parse(arguments, Map.of())).config();
    return OperatorMain.operator(config, client, new ClusterFacts(), new SimpleMeterRegistry());
  }

  private static List<ControllerConfiguration<?>> controllers(Operator operator) {
    List<ControllerConfiguration<?>> controllers = new ArrayList<>();
    for (RegisteredController<?> controller : operator.getRegisteredControllers()) {
      controllers.add(controller.getConfiguration());
    }
    return controllers;
  }

  /** What the SDK would do of itself that no controller of ours bears. */
  private static List<String> left(ControllerConfiguration<?> controller) {
    List<String> left = new ArrayList<>();
    // A fleet's timers would fire together; who has to look again says when.
    controller.maxReconciliationInterval().ifPresent(interval -> left.add("again " + interval));
    // Nobody would come back to what failed while the API server was away.
    if (!(controller.getRetry() instanceof GenericRetry retry) || retry.getMaxAttempts() != -1) {
      left.add("gives up");
    }
    // A change of the status only is no new generation. Of the Lease no change is looked at.
    if (controller.isGenerationAware() && controller.getResourceClass() != Lease.class) {
      left.add("sees generations only");
    }
    return left;
  }

  @ParameterizedTest
  @CsvSource({"true, failover", "false, failover-remains"})
  void noControllerGivesUpOrIsBlindToStatuses(String failover, String name) {
    List<ControllerConfiguration<?>> controllers = controllers(operator("--failover=" + failover));

    assertThat(controllers)
        .extracting(ControllerConfiguration::getName)
        .containsExactlyInAnyOrder("pool", "assignment", "group", "staleness", "cleaning", name);
    assertThat(controllers)
        .allSatisfy(controller -> assertThat(left(controller)).as(controller.getName()).isEmpty());
  }

  /** Else the test above would say nothing of a controller that is yet to come. */
  @Test
  void aControllerThatSaysNothingIsFound() {
    Operator operator = operator();
    operator.register(new Unset());

    assertThat(controllers(operator))
        .filteredOn(ControllerConfiguration::getName, "unset")
        .singleElement()
        .satisfies(controller ->
            assertThat(left(controller))
                .containsExactly("again PT10H", "gives up", "sees generations only"));
  }

  /** There is one for each pod of the fleet that has a GID. */
  @Test
  void whoeverWatchesAssignmentsReadsThemByPageAndKeepsWhatItNeeds() {
    List<ControllerConfiguration<?>> watching =
        controllers(operator()).stream()
            .filter(controller -> controller.getResourceClass() == RdmaGidAssignment.class)
            .toList();

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
