package io.rdmagid.deviceplugin.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.rdmagid.api.naming.RdmaGidName;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidSpec;
import io.rdmagid.deviceplugin.cluster.FakeClusterApi.Refusal;
import io.rdmagid.deviceplugin.inventory.Inventory;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a publisher asks the server for, and when. */
class ClusterReadsTest extends OnFakeCluster {
  /** A list costs the server a look at the objects of all nodes. */
  @Test
  void onceListedObjectsAreAskedForByName() {
    published(BEFORE);
    assertThat(api.lists()).isEqualTo(1);
    assertThat(api.takeAsked()).isEmpty();

    publisher.forget();
    assertThat(publish(BEFORE)).isEqualTo(DONE);
    assertThat(api.takeAsked()).containsExactly(FIRST, SECOND);

    api.refuse("status", Refusal.BEFORE_EFFECT);
    assertThatThrownBy(() -> publish(AFTER)).isInstanceOf(KubernetesClientException.class);
    assertThat(publish(AFTER)).isEqualTo(DONE);
    assertThat(api.takeAsked())
        .as("the only one of which it may have either")
        .containsExactly(FIRST);
    assertThat(api.lists()).isEqualTo(1);
    assertThat(api.takeWrites()).containsExactly("status " + FIRST, "status " + FIRST, "node");
  }

  @Test
  void aListThatFailedIsMadeAgain() {
    api.refuse("list", Refusal.BEFORE_EFFECT);
    assertThatThrownBy(() -> publish(BEFORE)).isInstanceOf(KubernetesClientException.class);

    assertThat(publish(BEFORE)).isEqualTo(DONE);

    assertThat(api.lists()).isEqualTo(2);
    assertThat(api.takeAsked()).isEmpty();
  }

  /** Its object may be there: nobody else would take it away. */
  @Test
  void aPortThatGoesWhileTheAnswerToItsWriteIsLostTakesItsObjectAlong() {
    Inventory one = Inventories.of(Inventories.device("rxe0", "10.0.0.1"));
    published(one);
    api.refuse("spec " + SECOND, Refusal.AFTER_EFFECT);
    assertThatThrownBy(() -> publish(BEFORE)).isInstanceOf(KubernetesClientException.class);
    api.refuse("find " + SECOND, Refusal.BEFORE_EFFECT);
    assertThatThrownBy(() -> publish(one)).isInstanceOf(KubernetesClientException.class);
    api.takeWrites();

    assertThat(publish(one)).isEqualTo(DONE);

    assertThat(api.takeWrites()).containsExactly("delete " + SECOND);
    assertThat(api.lists()).isEqualTo(1);
  }

  @Test
  void whatIsGoneOnTheServerIsMadeAgainWhenItIsAskedFor() {
    published(BEFORE);
    api.delete(SECOND);
    api.takeWrites();
    publisher.forget();

    assertThat(publish(BEFORE)).isEqualTo(DONE);

    assertThat(api.takeWrites()).containsExactly("spec " + SECOND, "status " + SECOND);
  }

  @Test
  void anObjectOfTheNameThatIsOfAnotherNodeIsNotTakenForTheOwn() {
    published(BEFORE);
    RdmaGid stranger = api.object(SECOND);
    stranger.setSpec(new RdmaGidSpec("node-b", "rxe1", 1));
    api.put(stranger);
    publisher.forget();

    assertThat(publish(BEFORE)).isEqualTo(DONE);

    assertThat(api.takeWrites()).containsExactly("spec " + SECOND);
  }

  @Test
  void anObjectThatNoPortOfTheAgentWasEverLeadsToGoesWhenTheNamesAreForgotten() {
    published(BEFORE);
    String name = RdmaGidName.of("node-a", "rxe9", 1);
    RdmaGid stranger = new RdmaGid();
    stranger.setMetadata(new ObjectMetaBuilder().withName(name).build());
    stranger.setSpec(new RdmaGidSpec("node-a", "rxe9", 1));
    api.put(stranger);
    publisher.forget();
    assertThat(publish(BEFORE)).isEqualTo(DONE);
    assertThat(api.takeWrites()).isEmpty();

    publisher.forgetNames();
    assertThat(publish(BEFORE)).isEqualTo(DONE);

    assertThat(api.takeWrites()).containsExactly("delete " + name);
  }

  /** Nobody has told of it: it is found when the Node is read after a failure. */
  @Test
  void allObjectsAreReadWhereAFailureShowsANodeThatWasMadeAgain() {
    published(BEFORE);
    api.refuse("status", Refusal.BEFORE_EFFECT);
    assertThatThrownBy(() -> publish(AFTER)).isInstanceOf(KubernetesClientException.class);
    api.setNode(new ClusterApi.NodeState("uid-2", Map.of(), Map.of()));
    api.refuse("find " + SECOND, Refusal.BEFORE_EFFECT);
    assertThatThrownBy(() -> publish(AFTER)).isInstanceOf(KubernetesClientException.class);
    api.takeAsked();

    assertThat(publish(AFTER)).isEqualTo(DONE);

    assertThat(api.takeAsked()).containsExactly(FIRST, SECOND);
    assertThat(api.takeWrites()).contains("spec " + FIRST, "spec " + SECOND, "node");
  }
}
