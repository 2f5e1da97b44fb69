package io.rdmagid.operator.fact;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.api.v1alpha1.RdmaGidAssignmentSpec;
import org.junit.jupiter.api.Test;

class WithoutManagersTest {
  @Test
  void anObjectIsKeptWholeButForItsManagers() {
    WithoutManagers<RdmaGidAssignment> store = new WithoutManagers<>();
    RdmaGidAssignment object = new RdmaGidAssignment();
    object.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("team")
            .withName("train-0")
            .withResourceVersion("7")
            .withManagedFields(new ManagedFieldsEntryBuilder().withManager("agent").build())
            .build());
    object.setSpec(new RdmaGidAssignmentSpec("node-a", "uid-0"));

    store.put(store.getKey(object), object);

    RdmaGidAssignment kept = store.get("team/train-0");
    assertThat(kept.getSpec()).isEqualTo(new RdmaGidAssignmentSpec("node-a", "uid-0"));
    assertThat(kept.getMetadata().getResourceVersion()).isEqualTo("7");
    assertThat(kept.getMetadata().getManagedFields()).isEmpty();
  }
}
