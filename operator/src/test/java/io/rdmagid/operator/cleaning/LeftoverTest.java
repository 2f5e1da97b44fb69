package io.rdmagid.operator.cleaning;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.operator.cleaning.CleaningApi.PodState;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeftoverTest {
  @Test
  void ofNodes() {
    assertThat(Leftover.ofNode(Set.of(), Optional.empty())).contains(Leftover.NODE_GONE);
    assertThat(Leftover.ofNode(Set.of("1"), Optional.empty())).contains(Leftover.NODE_GONE);
    assertThat(Leftover.ofNode(Set.of(), Optional.of("1"))).isEmpty();
    assertThat(Leftover.ofNode(Set.of("1"), Optional.of("1"))).isEmpty();
    assertThat(Leftover.ofNode(Set.of("1", "2"), Optional.of("2"))).isEmpty();
    assertThat(Leftover.ofNode(Set.of("1"), Optional.of("2"))).contains(Leftover.NODE_REPLACED);
  }

  @Test
  void ofPods() {
    PodRecord held = new PodRecord("team", "train-0", "uid-0", "node-a", true);
    PodRecord released = new PodRecord("team", "train-0", "uid-0", "node-a", false);
    for (PodRecord record : new PodRecord[] {held, released}) {
      assertThat(Leftover.ofPod(record, Optional.empty())).contains(Leftover.POD_GONE);
      assertThat(Leftover.ofPod(record, Optional.of(new PodState("uid-1", true))))
          .contains(Leftover.POD_REPLACED);
      assertThat(Leftover.ofPod(record, Optional.of(new PodState("uid-0", false)))).isEmpty();
    }
    Optional<PodState> ended = Optional.of(new PodState("uid-0", true));
    assertThat(Leftover.ofPod(held, ended)).contains(Leftover.POD_ENDED);
    assertThat(Leftover.ofPod(released, ended)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "pending, true",
    "current, true",
    "stale, true",
    "none, true",
    "released, false",
    "of-a-later-version, false"
  })
  void whichStatesHoldAPort(String state, boolean holds) {
    RdmaGidAssignment object =
        Serialization.unmarshal(
            """
            spec: {nodeName: node-a, podUID: uid-0, plane: 3}
            status: {ports: [{container: main, state: released}, {lane: 2}, {state: %s}]}
            """
                .formatted(state),
            RdmaGidAssignment.class);
    object.setMetadata(new ObjectMetaBuilder().withNamespace("team").withName("train-0").build());
    assertThat(PodRecord.of(object))
        .contains(new PodRecord("team", "train-0", "uid-0", "node-a", holds));
  }

  @Test
  void whatDoesNotSayWhoseItIsIsNobodys() {
    assertThat(PodRecord.of(new RdmaGidAssignment())).isEmpty();
    assertThat(
            PodRecord.of(
                Serialization.unmarshal("spec: {nodeName: node-a}", RdmaGidAssignment.class)))
        .isEmpty();
  }
}
