package io.rdmagid.operator.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.operator.Golden;
import io.rdmagid.operator.fact.ClusterFacts;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PodAdmissionTest {
  private record Shown(ArrayNode patch, List<String> warnings) {}

  static List<Golden> files() {
    return Golden.in("admission");
  }

  @ParameterizedTest
  @MethodSource("files")
  void whatIsAnswered(Golden golden) {
    ClusterFacts facts = new ClusterFacts();
    for (RdmaGidPool pool : golden.objects(RdmaGidPool.class)) {
      RdmaGidPool _ = facts.pools().put(pool.getMetadata().getName(), pool);
    }
    for (RdmaGid port : golden.objects(RdmaGid.class)) {
      RdmaGid _ = facts.ports().put(port.getMetadata().getName(), port);
    }
    for (Node node : golden.objects(Node.class)) {
      Node _ = facts.nodes().put(node.getMetadata().getName(), node);
    }
    Answer answer =
        PodAdmission.of(
            subject(golden.objects(Pod.class).getFirst()), Optional.of(new PoolIndices(facts)));

    assertThat(answer.warnings()).allMatch(line -> line.length() <= Warnings.LONGEST);
    golden.check(new Shown(answer.patch(), answer.warnings()));
  }

  @Test
  void nothingIsSaidOfPoolsBeforeAllAreRead() {
    Pod pod =
        Serialization.unmarshal(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: a}
            spec: {containers: [{name: main, resources: {limits: {rdmagid.io/rails: 1}}}]}
            """,
            Pod.class);

    assertThat(PodAdmission.of(subject(pod), Optional.empty()).warnings()).isEmpty();
    assertThat(
            PodAdmission.of(subject(pod), Optional.of(new PoolIndices(new ClusterFacts())))
                .warnings())
        .containsExactly("rdmagid: no RdmaGidPool offers rdmagid.io/rails; offered is nothing");
  }

  @Test
  void whatPodsAreMadeFromIsNotPatched() {
    Pod pod =
        Serialization.unmarshal(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: a, annotations: {rdmagid.io/assignment: "{}"}}
            spec: {containers: [{name: main}]}
            """,
            Pod.class);

    Answer answer =
        PodAdmission.of(new Subject(false, pod.getMetadata(), pod.getSpec()), Optional.empty());

    assertThat(answer.patch()).isEmpty();
    assertThat(answer.warnings()).hasSize(1);
  }

  @Test
  void linesKeepToTheServersBounds() {
    Warnings warnings = new Warnings();
    for (int i = 0; i < 20; i++) {
      warnings.add("line " + i + " \n" + "é".repeat(i * 30));
    }
    warnings.add("line 0 \n");

    List<String> lines = warnings.toList();

    assertThat(lines).hasSize(Warnings.MOST).last().isEqualTo("rdmagid: and 13 more");
    assertThat(lines).allMatch(line -> line.matches("[ -~]{1,256}"));
  }

  private static Subject subject(Pod pod) {
    return new Subject(true, pod.getMetadata(), pod.getSpec());
  }
}
