package io.rdmagid.deviceplugin.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.rdmagid.deviceplugin.cluster.FakeClusterApi.Refusal;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.ReadBy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterPublisherTest extends OnFakeCluster {
  private static final ClusterPublisher.Outcome ONE_REFUSED =
      new ClusterPublisher.Outcome.Published(1, OptionalLong.empty());

  private String lastChange(String name) {
    return api.object(name).getStatus().lastChangeTime();
  }

  @Test
  void theFirstTimeWritesEverythingOnce() {
    assertThat(publish(BEFORE)).isEqualTo(DONE);

    assertThat(api.takeWrites())
        .containsExactly(
            "spec " + FIRST, "status " + FIRST, "spec " + SECOND, "status " + SECOND, "node");
    assertThat(api.object(FIRST).getStatus().preferred().address()).isEqualTo("10.0.0.1");
    assertThat(api.object(FIRST).getMetadata().getOwnerReferences().getFirst().getUid())
        .isEqualTo("uid-1");
  }

  @Test
  void nothingNewMakesNoRequestAtAll() {
    published(BEFORE);
    int reads = api.reads();

    assertThat(publish(BEFORE)).isEqualTo(DONE);

    assertThat(api.takeWrites()).isEmpty();
    assertThat(api.reads()).isEqualTo(reads);
  }

  @Test
  void aRestartReadsAndWritesNothing() {
    published(BEFORE);
    publisher = publisher();
    int reads = api.reads();

    assertThat(publish(BEFORE)).isEqualTo(DONE);

    assertThat(api.takeWrites()).isEmpty();
    assertThat(api.reads()).isGreaterThan(reads);
  }

  @Test
  void aChangeWritesOnlyWhatDiffers() {
    published(BEFORE);

    assertThat(publish(AFTER)).isEqualTo(DONE);

    assertThat(api.takeWrites()).containsExactly("status " + FIRST, "node");
  }

  @Test
  void anotherWayOfReadingMakesNoRequestAtAll() {
    published(BEFORE);
    int reads = api.reads();

    assertThat(publish(Inventories.readBy(ReadBy.SYSFS, BEFORE))).isEqualTo(DONE);

    assertThat(api.takeWrites()).isEmpty();
    assertThat(api.reads()).isEqualTo(reads);
  }

  @ParameterizedTest
  @ValueSource(strings = {"spec", "status", "node"})
  void aWriteWhoseAnswerWasLostIsNotMadeTwice(String request) {
    api.refuse(request, Refusal.AFTER_EFFECT);
    assertThatThrownBy(() -> publish(BEFORE)).isInstanceOf(KubernetesClientException.class);
    assertThat(publish(BEFORE)).isEqualTo(DONE);

    assertThat(api.takeWrites())
        .containsExactly(
            "spec " + FIRST, "status " + FIRST, "spec " + SECOND, "status " + SECOND, "node");
  }

  @ParameterizedTest
  @EnumSource
  void aFailureOfAChangeLeadsToOneWriteThatCounts(Refusal refusal) {
    published(BEFORE);
    api.refuse("status " + FIRST, refusal);
    assertThatThrownBy(() -> publish(AFTER)).isInstanceOf(KubernetesClientException.class);
    assertThat(api.takeWrites()).containsExactly("status " + FIRST);

    assertThat(publish(AFTER)).isEqualTo(DONE);

    if (refusal == Refusal.AFTER_EFFECT) {
      assertThat(api.takeWrites()).containsExactly("node");
    } else {
      assertThat(api.takeWrites()).containsExactly("status " + FIRST, "node");
    }
    assertThat(api.object(FIRST).getStatus().preferred().address()).isEqualTo("10.0.0.2");
  }

  @Test
  void aFailedReadIsMadeAgain() {
    api.refuse("get node", Refusal.BEFORE_EFFECT);
    assertThatThrownBy(() -> publish(BEFORE)).isInstanceOf(KubernetesClientException.class);
    assertThat(api.takeWrites()).isEmpty();

    assertThat(publish(BEFORE)).isEqualTo(DONE);

    assertThat(api.takeWrites()).hasSize(5);
  }

  @Test
  void objectsFollowANodeThatWasMadeAgain() {
    published(BEFORE);
    String since = lastChange(FIRST);
    api.setNode(new ClusterApi.NodeState("uid-2", Map.of(), Map.of()));
    publisher.forget();

    assertThat(publish(BEFORE)).isEqualTo(DONE);

    assertThat(api.takeWrites()).containsExactly("spec " + FIRST, "spec " + SECOND, "node");
    assertThat(api.takeAsked()).containsExactly(FIRST, SECOND);
    assertThat(api.object(FIRST).getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(owner -> assertThat(owner.getUid()).isEqualTo("uid-2"));
    assertThat(lastChange(FIRST)).isEqualTo(since);
  }

  @Test
  void withoutANodeNothingIsWritten() {
    api.setNode(null);

    assertThat(publish(BEFORE)).isEqualTo(new ClusterPublisher.Outcome.NodeMissing());
    assertThat(api.takeWrites()).isEmpty();

    api.setNode(new ClusterApi.NodeState("uid-2", Map.of(), Map.of()));
    assertThat(publish(BEFORE)).isEqualTo(DONE);
    assertThat(api.takeWrites()).hasSize(5);
  }

  @Test
  void thePortThatWentTakesItsObjectAlong() {
    published(BEFORE);

    assertThat(publish(Inventories.of(Inventories.device("rxe0", "10.0.0.1")))).isEqualTo(DONE);
    assertThat(api.takeWrites()).containsExactly("delete " + SECOND, "node");

    clock.advance(WritePace.NODE_INTERVAL);
    assertThat(publish(BEFORE)).isEqualTo(DONE);
    assertThat(api.takeWrites()).containsExactly("spec " + SECOND, "status " + SECOND, "node");
  }

  @Test
  void aDeviceThatCannotBeReadKeepsItsObjectAndItsPlaceOnTheNode() {
    published(BEFORE);
    Inventory unread =
        new Inventory(List.of(Inventories.device("rxe1", "10.0.1.1")), Set.of("rxe0"));
    assertThat(publish(unread)).isEqualTo(DONE);
    assertThat(api.takeWrites()).isEmpty();

    publisher = publisher();
    assertThat(publish(unread)).isEqualTo(DONE);
    assertThat(api.takeWrites()).isEmpty();

    assertThat(publish(AFTER)).isEqualTo(DONE);
    assertThat(api.takeWrites()).containsExactly("status " + FIRST, "node");

    clock.advance(WritePace.NODE_INTERVAL);
    assertThat(publish(Inventories.of(Inventories.device("rxe1", "10.0.1.1")))).isEqualTo(DONE);
    assertThat(api.takeWrites()).containsExactly("delete " + FIRST, "node");
  }

  @Test
  void aDeviceThatCannotBeReadGetsNoObject() {
    assertThat(publish(new Inventory(List.of(), Set.of("rxe0")))).isEqualTo(DONE);

    assertThat(api.takeWrites()).containsExactly("node");
  }

  @ParameterizedTest
  @CsvSource({"spec, 403", "status, 422", "status, 400"})
  void aRefusedObjectDoesNotHoldUpTheOthers(String request, int code) {
    Instant start = clock.instant();
    api.refuseForGood(request + " " + FIRST, code);

    assertThat(publish(BEFORE)).isEqualTo(ONE_REFUSED);
    assertThat(api.takeWrites())
        .contains(request + " " + FIRST)
        .endsWith("spec " + SECOND, "status " + SECOND, "node");

    clock.advance(Duration.ofSeconds(1));
    assertThat(publish(BEFORE)).isEqualTo(ONE_REFUSED);
    assertThat(api.takeWrites()).containsExactly(request + " " + FIRST);

    api.allow(request + " " + FIRST);
    assertThat(publish(BEFORE)).isEqualTo(DONE);
    assertThat(api.takeWrites()).contains(request + " " + FIRST).doesNotContain("node");
    assertThat(lastChange(FIRST)).isEqualTo(start.toString());
    assertThat(publish(BEFORE)).isEqualTo(DONE);
    assertThat(api.takeWrites()).isEmpty();
  }

  @Test
  void aRefusedDeletionOrNodeDoesNotHoldUpTheOthers() {
    published(BEFORE);
    api.refuseForGood("delete " + FIRST, 403);
    api.refuseForGood("node", 403);
    Inventory other = Inventories.of(Inventories.device("rxe1", "10.0.1.2"));

    assertThat(publish(other))
        .isEqualTo(new ClusterPublisher.Outcome.Published(2, OptionalLong.empty()));
    assertThat(api.takeWrites()).containsExactly("status " + SECOND, "delete " + FIRST, "node");

    api.allow("node");
    assertThat(publish(other)).isEqualTo(ONE_REFUSED);
    assertThat(api.takeWrites()).containsExactly("delete " + FIRST, "node");

    api.allow("delete " + FIRST);
    assertThat(publish(other)).isEqualTo(DONE);
    assertThat(api.takeWrites()).containsExactly("delete " + FIRST);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 408, 429, 500, 503})
  void aServerInTroubleEndsTheRound(int code) {
    api.refuseForGood("status " + FIRST, code);

    assertThatThrownBy(() -> publish(BEFORE)).isInstanceOf(KubernetesClientException.class);

    assertThat(api.takeWrites()).containsExactly("spec " + FIRST, "status " + FIRST);
  }

  @Test
  void anObjectThatSomebodyDeletedIsMadeAgain() {
    published(BEFORE);
    api.refuseForGood("status " + FIRST, 404);
    assertThat(publish(AFTER)).isEqualTo(ONE_REFUSED);
    api.takeWrites();
    api.allow("status " + FIRST);

    assertThat(publish(AFTER)).isEqualTo(DONE);

    assertThat(api.takeWrites()).containsExactly("spec " + FIRST, "status " + FIRST);
  }

  @Test
  void whatAnOlderCrdLeavesOutIsWrittenOnceByEachProcess() {
    api.prune(status -> status.toBuilder().netdev(null).build());
    published(BEFORE);
    publisher.forget();
    assertThat(publish(BEFORE)).isEqualTo(DONE);
    assertThat(api.takeWrites()).isEmpty();

    publisher = publisher();
    assertThat(publish(BEFORE)).isEqualTo(DONE);
    assertThat(api.takeWrites()).containsExactly("status " + FIRST, "status " + SECOND);
    publisher.forget();
    assertThat(publish(BEFORE)).isEqualTo(DONE);
    assertThat(api.takeWrites()).isEmpty();

    assertThat(publish(AFTER)).isEqualTo(DONE);
    assertThat(api.takeWrites()).containsExactly("status " + FIRST, "node");
  }

  @Test
  void whatSomebodyElseChangedIsWrittenAgain() {
    published(BEFORE);
    api.change(FIRST, status -> status.toBuilder().mtu(7).build());
    publisher.forget();

    assertThat(publish(BEFORE)).isEqualTo(DONE);

    assertThat(api.takeWrites()).containsExactly("status " + FIRST);
    assertThat(api.object(FIRST).getStatus().mtu()).isEqualTo(1024);
  }

  @Test
  void theNodeIsWrittenAtOnceAndThenNotTooOften() {
    long first = clock.nanoTime();
    assertThat(publish(BEFORE)).isEqualTo(DONE);
    api.takeWrites();
    clock.advance(WritePace.NODE_INTERVAL.minusMillis(1));
    clock.step(Duration.ofHours(-3)); // it is not by the wall clock

    assertThat(publish(AFTER))
        .isEqualTo(
            new ClusterPublisher.Outcome.Published(
                0, OptionalLong.of(first + WritePace.NODE_INTERVAL.toNanos())));
    assertThat(api.takeWrites()).containsExactly("status " + FIRST);

    clock.advance(Duration.ofMillis(1));
    assertThat(publish(AFTER)).isEqualTo(DONE);
    assertThat(api.takeWrites()).containsExactly("node");
  }

  @Test
  void theTimeOfTheLastChangeMovesWithTheFactsOnly() {
    Instant start = clock.instant();
    published(BEFORE);
    publisher = publisher();
    assertThat(publish(BEFORE)).isEqualTo(DONE);
    assertThat(lastChange(FIRST)).isEqualTo(start.toString());

    assertThat(publish(AFTER)).isEqualTo(DONE);
    assertThat(lastChange(FIRST)).isEqualTo(clock.instant().toString());
    assertThat(lastChange(SECOND)).isEqualTo(start.toString());
  }

  @Test
  void whatOthersSayIsNoDifference() {
    published(BEFORE);
    api.addForeign(
        new ConditionBuilder()
            .withType("Reporting")
            .withStatus("False")
            .withReason("AgentSilent")
            .withMessage("")
            .withLastTransitionTime("2026-01-01T00:00:00Z")
            .build());
    publisher.forget();

    assertThat(publish(BEFORE)).isEqualTo(DONE);

    assertThat(api.takeWrites()).isEmpty();
  }
}
