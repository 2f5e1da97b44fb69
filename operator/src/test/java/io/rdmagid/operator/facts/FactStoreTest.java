package io.rdmagid.operator.facts;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FactStoreTest {
  private final FactStore<Node, String> store =
      new FactStore<>(Node::new, node -> node.getSpec().getProviderID());

  private static Node node(String version, String provider) {
    return new NodeBuilder()
        .withNewMetadata()
        .withName("node-a")
        .withUid("uid")
        .withResourceVersion(version)
        .addToLabels("a", "b")
        .addToAnnotations("long", "text")
        .withManagedFields(new ManagedFieldsEntry())
        .endMetadata()
        .withNewSpec()
        .withProviderID(provider)
        .endSpec()
        .build();
  }

  @Test
  void keepsTheFactAndTheOutlineOnly() {
    Node first = node("1", "one");
    assertThat(store.put(store.getKey(first), first)).isNull();

    assertThat(store.facts()).containsExactly("one");
    Node kept = store.get("node-a");
    assertThat(kept.getSpec()).isNull();
    assertThat(kept.getMetadata().getUid()).isEqualTo("uid");
    assertThat(kept.getMetadata().getLabels()).isEqualTo(Map.of("a", "b"));
    assertThat(kept.getMetadata().getAnnotations()).isEmpty();
    assertThat(kept.getMetadata().getManagedFields()).isEmpty();
    assertThat(first.getSpec()).as("what others hold is as it was").isNotNull();
  }

  @Test
  void tellsTheInformerWhatWasThereBefore() {
    store.put("node-a", node("1", "one"));

    assertThat(store.put("node-a", node("2", "two")).getMetadata().getResourceVersion())
        .isEqualTo("1");
    assertThat(store.facts()).containsExactly("two");
    assertThat(store.remove("node-a").getMetadata().getResourceVersion()).isEqualTo("2");
    assertThat(store.remove("node-a")).isNull();
    assertThat(store.facts()).isEmpty();
    assertThat(store.size()).isZero();
  }
}
