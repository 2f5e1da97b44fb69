package io.rdmagid.operator.cleaning;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rdmagid.api.naming.RdmaGidName;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidSpec;
import io.rdmagid.operator.TestClock;
import io.rdmagid.operator.cleaning.CleaningApi.FoundRecord;
import io.rdmagid.operator.cleaning.CleaningApi.OwnedGid;
import io.rdmagid.operator.cleaning.CleaningApi.PodState;
import io.rdmagid.operator.cleaning.CleaningApi.Version;
import io.rdmagid.operator.fact.ClusterFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CleaningTest {
  private static final String GID = RdmaGidName.of("node-a", "mlx5_0", 1);
  private static final PodRecord RECORD = new PodRecord("team", "train-0", "uid-0", "node-a", true);

  private final FakeCleaningApi api = new FakeCleaningApi();
  private final ClusterFacts facts = new ClusterFacts();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final TestClock clock = new TestClock();
  private final Cleaning cleaning = new Cleaning(api, facts, registry, clock);
  private final List<PodRecord> records = new ArrayList<>();

  @BeforeEach
  void anotherNode() {
    node("node-b", "uid-b");
  }

  @Test
  void whatIsLeftOfANodeIsDeletedAfterAMinute() {
    gid("node-a", "mlx5_0", "uid-a");

    assertThat(round()).contains(Duration.ofMinutes(1));
    clock.advance(Duration.ofSeconds(59));
    round();
    assertThat(api.asked).isEmpty();

    clock.advance(Duration.ofSeconds(1));
    round();
    assertThat(api.deleted).containsExactly(GID);
    assertThat(deletedCount("RdmaGid")).isEqualTo(1);
  }

  @Test
  void whatHasNoOwnerIsLeftOfANodeThatIsGone() {
    gid("node-a", "mlx5_0");
    roundsForAMinute();
    assertThat(api.deleted).containsExactly(GID);
  }

  @Test
  void aNodeThatIsThereKeepsWhatItOwnsAndWhatNobodyOwns() {
    node("node-a", "uid-a");
    gid("node-a", "mlx5_0", "uid-a");
    gid("node-a", "mlx5_1");
    roundsForAMinute();
    assertThat(api.asked).isEmpty();
  }

  @Test
  void whatAFormerNodeOfTheNameOwnsIsDeletedUnlessTheNewOnesAgentTakesItOver() {
    node("node-a", "uid-a2");
    gid("node-a", "mlx5_0", "uid-a1");
    gid("node-a", "mlx5_1", "uid-a1");
    round();

    gid("node-a", "mlx5_1", "uid-a2");
    clock.advance(Duration.ofMinutes(1));
    round();

    assertThat(api.deleted).containsExactly(GID);
  }

  /** As after a watch that broke: what it heard last is not what is there. */
  @Test
  void aNodeThatTheServerHasKeepsItsObjectsWhateverTheWatchSays() {
    api.nodes.put("node-a", "uid-a");
    gid("node-a", "mlx5_0", "uid-a");
    gid("node-a", "mlx5_1", "uid-a");

    roundsForAMinute();

    assertThat(api.deleted).isEmpty();
    assertThat(api.asked).as("once for both").containsOnlyOnce("node node-a");
    api.asked.clear();
    round();
    assertThat(api.asked).as("and not again for a minute").isEmpty();
  }

  @Test
  void whatIsTakenOverWhileItIsLookedAtStays() {
    gid("node-a", "mlx5_0", "uid-a");
    api.beforeDelete =
        () -> api.gids.put(GID, new OwnedGid(new Version(GID, "2"), "node-a", Set.of("uid-a2")));

    roundsForAMinute();

    assertThat(api.deleted).isEmpty();
    assertThat(deletedCount("RdmaGid")).isZero();
  }

  @Test
  void aNodeThatComesBackBeginsAnew() {
    gid("node-a", "mlx5_0", "uid-a");
    round();
    node("node-a", "uid-a");
    clock.advance(Duration.ofMinutes(1));
    round();
    facts.nodes().remove("node-a");
    api.nodes.remove("node-a");
    round();
    assertThat(api.deleted).isEmpty();
  }

  @Test
  void whereNoNodeIsKnownNothingIsAskedNorDeleted() {
    facts.nodes().remove("node-b");
    gid("node-a", "mlx5_0", "uid-a");
    records.add(RECORD);

    roundsForAMinute();

    assertThat(api.asked).isEmpty();
    assertThat(api.deleted).isEmpty();
  }

  @Test
  void aRoundDeletesALittleOnly() {
    for (int i = 0; i <= Cleaning.MOST_GIDS; i++) {
      gid("node-a", "mlx5_" + i, "uid-a");
    }
    roundsForAMinute();
    assertThat(api.deleted).hasSize(Cleaning.MOST_GIDS);
    round();
    assertThat(api.deleted).hasSize(Cleaning.MOST_GIDS + 1);
  }

  @Test
  void theAssignmentOfAPodThatIsGoneIsDeletedAfterTwoLooks() {
    node("node-a", "uid-a");
    record(RECORD, "1");

    assertThat(round()).contains(PodLooks.SOON);
    assertThat(api.deleted).isEmpty();
    clock.advance(PodLooks.SOON);
    round();

    assertThat(api.deleted).containsExactly("team/train-0");
    assertThat(deletedCount("RdmaGidAssignment")).isEqualTo(1);
  }

  @Test
  void anotherPodOfTheNameDoesNotKeepIt() {
    record(RECORD, "1");
    api.pods.put(RECORD.key(), new PodState("uid-1", false));
    roundsForAMinute();
    assertThat(api.deleted).containsExactly("team/train-0");
  }

  @Test
  void whatTheAgentWroteForTheNewPodStays() {
    record(RECORD, "1");
    api.pods.put(RECORD.key(), new PodState("uid-1", false));
    round();
    // The informer has not heard of it.
    found(new PodRecord("team", "train-0", "uid-1", "node-a", true), "2");
    clock.advance(PodLooks.SOON);
    round();
    assertThat(api.deleted).isEmpty();
  }

  @Test
  void aPodThatRunsKeepsItsAssignment() {
    node("node-a", "uid-a");
    record(RECORD, "1");
    api.pods.put(RECORD.key(), new PodState("uid-0", false));
    assertThat(round()).contains(PodLooks.USUAL);
    roundsForAMinute();
    assertThat(api.deleted).isEmpty();
    assertThat(api.asked).containsExactly("pod team/train-0");
  }

  @Test
  void theAssignmentOfAPodThatHasEndedIsDeletedWhereItSaysThatItHolds() {
    record(RECORD, "1");
    api.pods.put(RECORD.key(), new PodState("uid-0", true));
    roundsForAMinute();
    assertThat(api.deleted).containsExactly("team/train-0");
  }

  @Test
  void aReportThatCameMeanwhileIsKept() {
    record(RECORD, "1");
    api.pods.put(RECORD.key(), new PodState("uid-0", true));
    api.beforeDelete = () -> found(new PodRecord("team", "train-0", "uid-0", "node-a", false), "2");
    roundsForAMinute();
    assertThat(api.deleted).isEmpty();
    assertThat(api.assignments).containsKey("team/train-0");
  }

  @Test
  void aRoundAsksForAFewPodsOnlyThoseOfGoneNodesFirst() {
    node("node-a", "uid-a");
    for (int i = 0; i < 2 * Cleaning.MOST_PODS; i++) {
      String pod = "train-" + i;
      records.add(new PodRecord("team", pod, "uid-" + i, i % 2 == 0 ? "node-a" : "node-c", true));
      api.pods.put("team/" + pod, new PodState("uid-" + i, false));
    }
    round();
    assertThat(api.asked)
        .hasSize(Cleaning.MOST_PODS)
        .allSatisfy(asked ->
            assertThat(Integer.parseInt(asked.substring(asked.indexOf('-') + 1)) % 2).isOne());
    round();
    assertThat(api.asked).hasSize(2 * Cleaning.MOST_PODS).doesNotHaveDuplicates();
    clock.advance(PodLooks.SOON);
    api.asked.clear();
    round();
    assertThat(api.asked).as("those of a node that is gone").hasSize(Cleaning.MOST_PODS);
    round();
    assertThat(api.asked).hasSize(Cleaning.MOST_PODS);
  }

  private void node(String name, String uid) {
    api.nodes.put(name, uid);
    facts
        .nodes()
        .put(
            name,
            new NodeBuilder().withNewMetadata().withName(name).withUid(uid).endMetadata().build());
  }

  /** Writes an RdmaGid with these Nodes as owners, and lets it be heard of. */
  private void gid(String node, String device, String... owners) {
    String name = RdmaGidName.of(node, device, 1);
    RdmaGid object = new RdmaGid();
    ObjectMetaBuilder metadata = new ObjectMetaBuilder().withName(name);
    for (String owner : owners) {
      metadata.addNewOwnerReference().withKind("Node").withUid(owner).endOwnerReference();
    }
    object.setMetadata(metadata.build());
    object.setSpec(new RdmaGidSpec(node, device, 1));
    facts.ports().put(name, object);
    api.gids.put(name, new OwnedGid(new Version(name, "1"), node, Set.of(owners)));
  }

  private void record(PodRecord record, String version) {
    records.add(record);
    found(record, version);
  }

  private void found(PodRecord record, String version) {
    api.assignments.put(record.key(), new FoundRecord(new Version(record.name(), version), record));
  }

  /** How long until the next. */
  private Optional<Duration> round() {
    return cleaning.round(records).map(next -> Duration.between(clock.instant(), next));
  }

  private void roundsForAMinute() {
    round();
    clock.advance(Duration.ofMinutes(1));
    round();
  }

  private double deletedCount(String kind) {
    return registry.counter("rdmagid.leftovers.deleted", "kind", kind).count();
  }
}
