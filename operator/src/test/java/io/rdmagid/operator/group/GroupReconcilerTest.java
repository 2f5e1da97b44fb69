package io.rdmagid.operator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.javaoperatorsdk.operator.api.config.BaseConfigurationService;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.api.v1alpha1.RdmaGidAssignmentStatus;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.operator.Golden;
import io.rdmagid.operator.GoldenServer;
import io.rdmagid.operator.Informed;
import io.rdmagid.operator.TestClock;
import io.rdmagid.operator.fact.ClusterFacts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GroupReconcilerTest {
  private final TestClock clock = new TestClock();

  static List<Golden> files() {
    return Golden.in("group");
  }

  /** A pod's record comes, and is looked at again when what is found has stood. */
  @ParameterizedTest
  @MethodSource("files")
  void whatIsSaidOfJobs(Golden golden) {
    try (GoldenServer server = new GoldenServer(golden)) {
      GroupReconciler reconciler = reconciler(golden, server);
      List<RdmaGidAssignment> objects = golden.objects(RdmaGidAssignment.class);
      assertThat(conditions(reconciler, objects)).as("before it has stood").isEmpty();
      clock.advance(Groups.SETTLE);

      Map<String, Condition> written = conditions(reconciler, objects);

      Map<String, Object> made = new LinkedHashMap<>();
      made.put("conditions", written);
      made.put("events", server.events());
      golden.check(made);
    }
  }

  /** As by a webhook that refuses Events. */
  @Test
  void anEventThatIsRefusedHoldsUpNoCondition() {
    Golden golden =
        files().stream()
            .filter(file -> file.toString().equals("in-an-address-twice.yaml"))
            .findFirst()
            .orElseThrow();
    try (GoldenServer server = new GoldenServer(golden)) {
      server.refuseEvents(403);
      GroupReconciler reconciler = reconciler(golden, server);
      List<RdmaGidAssignment> objects = golden.objects(RdmaGidAssignment.class);
      assertThat(conditions(reconciler, objects)).isEmpty();
      clock.advance(Groups.SETTLE);

      assertThat(conditions(reconciler, objects)).containsOnlyKeys("train-0", "train-1", "train-2");
      assertThat(server.events()).isEmpty();
    }
  }

  private GroupReconciler reconciler(Golden golden, GoldenServer server) {
    GroupReconciler reconciler =
        new GroupReconciler(server.client(), facts(golden), "operator-1", clock);
    ControllerConfigurationOverrider<RdmaGidAssignment> configuration =
        ControllerConfigurationOverrider.override(
            new BaseConfigurationService().getConfigurationFor(reconciler));
    reconciler.configure(configuration);
    Informed.fill(configuration.build(), golden::objects);
    return reconciler;
  }

  private static ClusterFacts facts(Golden golden) {
    ClusterFacts facts = new ClusterFacts();
    golden
        .objects(RdmaGid.class)
        .forEach(port -> {
          RdmaGid _ = facts.ports().put(port.getMetadata().getName(), port);
        });
    golden
        .objects(RdmaGidPool.class)
        .forEach(pool -> {
          RdmaGidPool _ = facts.pools().put(pool.getMetadata().getName(), pool);
        });
    return facts;
  }

  /** The conditions that one turn writes, by the pod's name. */
  private static Map<String, Condition> conditions(
      GroupReconciler reconciler, List<RdmaGidAssignment> objects) {
    Map<String, Condition> written = new TreeMap<>();
    for (RdmaGidAssignment object : objects) {
      UpdateControl<RdmaGidAssignment> control =
          reconciler.reconcile(object, Informed.context(objects));
      control
          .getResource()
          .ifPresent(made -> {
            assertThat(control.isPatchStatus()).isTrue();
            RdmaGidAssignmentStatus status = made.getStatus();
            assertThat(status.ports()).as("the agent's").isEmpty();
            written.put(made.getMetadata().getName(), status.conditions().getFirst());
          });
    }
    return written;
  }
}
