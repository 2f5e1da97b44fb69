package io.rdmagid.operator.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.operator.Reachable;
import io.rdmagid.operator.assignment.PodApi.PodRef;
import io.rdmagid.operator.fact.FactStore;
import io.rdmagid.pool.PortRef;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is kept of assignments, and how it is found. */
class ReportTest {
  private static final PodRef A = new PodRef("team", "pod-a", "uid-a");
  private static final PodRef B = new PodRef("team", "pod-b", "uid-b");

  private final FactStore<RdmaGidAssignment, Optional<Report>> reports =
      new FactStore<>(RdmaGidAssignment::new, Report::of);
  private final CheckedBy checkedBy = new CheckedBy(reports);

  private void read(PodRef pod, String row, String more) {
    RdmaGidAssignment object =
        Serialization.unmarshal(
            """
            {"apiVersion": "rdmagid.io/v1alpha1", "kind": "RdmaGidAssignment",
             "metadata": {"namespace": "%s", "name": "%s", "uid": "its-%2$s", "resourceVersion": "7",
               "annotations": {"unread-annotation": "unread"},
               "managedFields": [{"manager": "unread-manager", "operation": "Apply"}],
               "ownerReferences": [{"apiVersion": "v1", "kind": "Pod", "name": "unread", "uid": "unread-uid"}]},
             "spec": {"nodeName": "node-a", "podUID": "%s"},
             "status": {"ports": [%s],
               "conditions": [{"type": "unread-type", "status": "True", "message": "unread-message"}]}}
            """
                .formatted(pod.namespace(), pod.name(), pod.uid(), row.formatted(more)),
            RdmaGidAssignment.class);
    RdmaGidAssignment _ = reports.put(reports.getKey(object), object);
  }

  private static String row(String device, String scope) {
    return """
    {"container": "main", "pool": "rails", "device": "%s", "port": 1, "gidIndex": 3, "gid": "::ffff:10.0.0.1",
     "type": "RoCEv2", "netdev": "net1", "address": "unread-address", "scope": "%s", "state": "current",
     "generation": 2, "ruleRevision": 1, "selectorVersion": 1,
     "injected": ["unread_injected"]%%s}
    """
        .formatted(device, scope);
  }

  @Test
  void onlyWhatAPodShowsIsKeptAndOnce() {
    String wrong = ", \"outdated\": [\"OUTDATED\"], \"kept\": [\"KEPT\"], \"elsewhere\": [\"ucx\"]";
    read(A, row("mlx5_0", "Host"), wrong);
    read(B, row("mlx5_0", "Host"), wrong);

    assertThat(Reachable.texts(reports))
        .contains("pod-a", "pod-b")
        .containsOnlyOnce("node-a", "main", "rails", "mlx5_0", "net1")
        .containsOnlyOnce("OUTDATED", "KEPT", "ucx")
        .noneMatch(text -> text.contains("unread"));
  }

  @Test
  void reportsAreFoundByThePortsAndPoolsThatTheyAreCheckedBy() {
    read(A, row("mlx5_0", "Host"), "");
    read(B, row("mlx5_1", "Host"), "");

    assertThat(checkedBy.port(new PortRef("node-a", "mlx5_0", 1))).containsExactly(A);
    assertThat(checkedBy.port(new PortRef("node-a", "mlx5_1", 1))).containsExactly(B);
    assertThat(checkedBy.port(new PortRef("node-a", "mlx5_1", 2))).isEmpty();
    assertThat(checkedBy.port(new PortRef("node-b", "mlx5_1", 1))).isEmpty();
    assertThat(checkedBy.pool("rails")).containsExactlyInAnyOrder(A, B);
    assertThat(checkedBy.pool("others")).isEmpty();
  }

  @Test
  void thoseOfPodsOwnEntriesAreNotChecked() {
    read(A, row("mlx5_0", "Pod"), "");

    assertThat(checkedBy.port(new PortRef("node-a", "mlx5_0", 1))).isEmpty();
    assertThat(checkedBy.pool("rails")).isEmpty();
  }

  @Test
  void whatChangesOrGoesIsFoundAsItIs() {
    read(A, row("mlx5_0", "Host"), "");
    read(A, row("mlx5_1", "Host"), "");

    assertThat(checkedBy.port(new PortRef("node-a", "mlx5_0", 1))).isEmpty();
    assertThat(checkedBy.port(new PortRef("node-a", "mlx5_1", 1))).containsExactly(A);

    read(A, "{\"container\": \"main\", \"state\": \"entangled\"}%s", "");
    assertThat(checkedBy.port(new PortRef("node-a", "mlx5_1", 1))).isEmpty();
    assertThat(reports.fact("team/pod-a").orElseThrow())
        .hasValueSatisfying(report -> {
          assertThat(report).isInstanceOf(Report.NotUnderstood.class);
          assertThat(report.pod()).isEqualTo(A);
        });

    RdmaGidAssignment _ = reports.remove("team/pod-a");
    assertThat(Reachable.texts(checkedBy)).isEmpty();
  }
}
