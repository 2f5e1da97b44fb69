package io.rdmagid.operator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.rdmagid.api.naming.RdmaGidName;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidSpec;
import io.rdmagid.api.v1alpha1.RdmaGidStatus;
import io.rdmagid.assignment.GidChoice;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidScope;
import io.rdmagid.gid.GidType;
import io.rdmagid.operator.TestClock;
import io.rdmagid.operator.fact.ClusterFacts;
import io.rdmagid.operator.group.Groups.Look;
import io.rdmagid.operator.group.Groups.Telling;
import io.rdmagid.operator.job.GroupKey;
import io.rdmagid.pool.PortRef;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GroupsTest {
  private static final GroupKey JOB = GroupKey.ofLabel("team", "train");

  /** Members, more than are judged at each change. */
  private static final int LARGE = 200;

  private final TestClock clock = new TestClock();
  private final ClusterFacts facts = new ClusterFacts();
  private final AtomicBoolean complete = new AtomicBoolean(true);
  private final Groups groups = new Groups(facts, clock, complete::get, this::judge);

  private int judgements;

  private Verdict judge(List<Seat> seats) {
    judgements++;
    return Verdict.of(seats);
  }

  @BeforeEach
  void ports() {
    mtu("node-0", 4096);
    mtu("node-1", 4096);
    mtu("node-2", 1024);
  }

  @Test
  void aVerdictCountsOnceItHasStood() {
    assertThat(join(0, null))
        .isEqualTo(
            new Look(Optional.empty(), Optional.empty(), Optional.of(Groups.SETTLE), List.of()));
    clock.advance(Groups.SETTLE);
    assertThat(join(0, null))
        .isEqualTo(
            new Look(
                Optional.of(Verdict.CONSISTENT), Optional.empty(), Optional.empty(), List.of()));
    assertThat(join(1, null).verdict()).as("who fits is told at once").contains(Verdict.CONSISTENT);
  }

  @Test
  void aMismatchIsToldOnceAndEverybodyLooksAtIt() {
    settle();
    assertThat(join(2, null).verdict()).as("not yet").contains(Verdict.CONSISTENT);
    clock.advance(Groups.SETTLE);

    Look look = join(2, null);

    assertThat(look.verdict().orElseThrow().message())
        .isEqualTo("pool rails: the MTU is 4096, but 1024 at train-2 mlx5_0/1");
    assertThat(look.others()).containsExactly("team/train-0", "team/train-1");
    Telling telling = look.telling().orElseThrow();
    assertThat(telling.about().pod()).isEqualTo("train-2");
    assertThat(join(0, null).telling()).as("until it is told").contains(telling);
    groups.told(telling);
    assertThat(join(0, null).telling()).isEmpty();
    assertThat(join(0, null).others()).isEmpty();
  }

  @Test
  void aMismatchThatPassesIsNone() {
    settle();
    Look _ = join(2, null);
    clock.advance(Groups.SETTLE.minusSeconds(1));
    mtu("node-2", 4096);
    assertThat(groups.portChanged(new PortRef("node-2", "mlx5_0", 1)))
        .containsExactly("team/train-0");

    assertThat(join(0, null))
        .isEqualTo(
            new Look(
                Optional.of(Verdict.CONSISTENT), Optional.empty(), Optional.empty(), List.of()));
  }

  /** All seats are looked at for each: of thousands of pods that come at once, for each pod. */
  @Test
  void aLargeJobIsJudgedNowAndThenOnly() {
    mtu("node-2", 4096);
    for (int n = 0; n < LARGE; n++) {
      assertThat(join(n, null).again()).as("member %d", n).isPresent();
    }
    assertThat(judgements).as("up to a hundred members each time").isEqualTo(100);

    Duration pace = Groups.PACE.multipliedBy(LARGE);
    clock.advance(pace);
    for (int n = 0; n < LARGE; n++) {
      assertThat(join(n, null).again()).contains(Groups.SETTLE.minus(pace));
    }
    assertThat(judgements).isEqualTo(101);

    mtu("node-1", 1024);
    assertThat(groups.portChanged(new PortRef("node-1", "mlx5_0", 1))).hasSize(1);
    assertThat(join(0, null).again()).as("not now").contains(Duration.ofSeconds(1));
    assertThat(judgements).isEqualTo(101);
    clock.advance(Duration.ofSeconds(1));
    assertThat(join(0, null).again()).contains(Groups.SETTLE);
    assertThat(judgements).isEqualTo(102);
    clock.advance(Groups.SETTLE);
    Look look = join(0, null);
    assertThat(look.verdict().orElseThrow().message()).contains("but 1024 at train-1");
    assertThat(look.others()).hasSize(LARGE - 1);
    assertThat(judgements).isEqualTo(102);
  }

  @Test
  void aVerdictOfALargeJobDoesNotCountWhileAChangeIsNotJudged() {
    mtu("node-2", 4096);
    for (int n = 0; n < LARGE; n++) {
      Look _ = join(n, null);
    }
    clock.advance(Groups.SETTLE.minusMillis(100));
    assertThat(join(0, null).verdict()).as("of all, judged just now").isEmpty();
    mtu("node-1", 1024);
    assertThat(groups.portChanged(new PortRef("node-1", "mlx5_0", 1))).hasSize(1);
    clock.advance(Duration.ofMillis(100));

    assertThat(join(0, null).verdict()).isEmpty();
    clock.advance(Groups.SETTLE);
    assertThat(join(0, null).verdict()).as("judged only now").isEmpty();
    clock.advance(Groups.SETTLE);
    assertThat(join(0, null).verdict().orElseThrow().isConsistent()).isFalse();
  }

  /** The one that was to look again is gone: another does. */
  @Test
  void aChangeThatIsNotJudgedOutlivesItsMember() {
    mtu("node-2", 4096);
    for (int n = 0; n < LARGE; n++) {
      Look _ = join(n, null);
    }
    assertThat(groups.leave("team/train-" + (LARGE - 1))).containsExactly("team/train-0");
    assertThat(join(0, null).again()).contains(Duration.ofSeconds(1));
  }

  @Test
  void whenTheOddOneIsGoneAllIsWell() {
    settle();
    Look _ = join(2, null);
    clock.advance(Groups.SETTLE);
    Verdict verdict = join(2, null).verdict().orElseThrow();
    Condition shown = shown("False", verdict.message(), "2026-03-01T12:00:20Z");
    Look _ = join(0, shown);
    Look _ = join(1, shown);

    assertThat(groups.leave("team/train-2")).containsExactly("team/train-0");
    assertThat(join(0, shown).again()).contains(Groups.SETTLE);
    clock.advance(Groups.SETTLE);

    Look look = join(0, shown);
    assertThat(look.verdict()).contains(Verdict.CONSISTENT);
    assertThat(look.telling())
        .contains(new Telling(JOB, Verdict.CONSISTENT, member(0, shown), "2026-03-01T12:00:20Z"));
  }

  @Test
  void anOperatorThatStartsAnewTellsNothingAgain() {
    String message = "pool rails: the MTU is 4096, but 1024 at train-2 mlx5_0/1";
    Condition shown = shown("False", message, "2026-03-01T12:00:20Z");
    complete.set(false);
    Look _ = join(0, shown);
    Look _ = join(1, shown);
    clock.advance(Groups.SETTLE);
    assertThat(join(1, shown))
        .as("a part of the job says nothing of it")
        .isEqualTo(
            new Look(
                Optional.empty(), Optional.empty(), Optional.of(Duration.ofSeconds(1)), List.of()));
    Look _ = join(2, shown);
    complete.set(true);
    clock.advance(Groups.SETTLE);

    Look look = join(2, shown);

    assertThat(look.verdict().orElseThrow().message()).isEqualTo(message);
    assertThat(look.telling()).isEmpty();
  }

  @Test
  void aPodOfTheSameNameCanBeOfAnotherJob() {
    settle();
    Look look = groups.join(GroupKey.ofLabel("team", "other"), "team/train-1", member(1, null));

    assertThat(look.others()).as("the job that it left").containsExactly("team/train-0");
    assertThat(look.again()).contains(Groups.SETTLE);
    assertThat(groups.leave("team/train-1")).isEmpty();
  }

  @Test
  void ofPodsWithoutAnIndexNothingIsSaid() {
    Member pending = new Member("team", "train-0", "uid-0", List.of(), null);
    assertThat(groups.join(JOB, "team/train-0", pending))
        .isEqualTo(new Look(Optional.empty(), Optional.empty(), Optional.empty(), List.of()));
  }

  @Test
  void theEventsNameIsThatOfWhatIsTold() {
    Telling telling = new Telling(JOB, Verdict.CONSISTENT, member(0, null), "");
    assertThat(GroupEvents.objectName(telling))
        .matches("rdmagid-group\\.[0-9a-f]{16}")
        .isEqualTo(
            GroupEvents.objectName(new Telling(JOB, Verdict.CONSISTENT, member(1, null), "")))
        .isNotEqualTo(
            GroupEvents.objectName(new Telling(JOB, Verdict.CONSISTENT, member(0, null), "later")));
    assertThat(GroupEvents.note(telling)).startsWith("group train: type, family");
  }

  /** Two members that fit, after their verdict. */
  private void settle() {
    Look _ = join(0, null);
    Look _ = join(1, null);
    clock.advance(Groups.SETTLE);
    assertThat(join(1, null).verdict()).contains(Verdict.CONSISTENT);
  }

  private Look join(int n, @Nullable Condition shown) {
    return groups.join(JOB, "team/train-" + n, member(n, shown));
  }

  private static Member member(int n, @Nullable Condition shown) {
    return new Member(
        "team",
        "train-" + n,
        "uid-" + n,
        List.of(
            new Member.Held(
                "rails",
                new PortRef("node-" + n, "mlx5_0", 1),
                new GidChoice(3, Gid.parse("::ffff:10.0.0." + n), GidType.ROCE_V2, "net1"),
                GidScope.POD,
                1)),
        shown);
  }

  private static Condition shown(String status, String message, String since) {
    return new ConditionBuilder()
        .withType("GroupConsistent")
        .withStatus(status)
        .withReason("MtusDiffer")
        .withMessage(message)
        .withLastTransitionTime(since)
        .build();
  }

  private void mtu(String node, int mtu) {
    RdmaGid object = new RdmaGid();
    object.setMetadata(new ObjectMetaBuilder().withName(RdmaGidName.of(node, "mlx5_0", 1)).build());
    object.setSpec(new RdmaGidSpec(node, "mlx5_0", 1));
    object.setStatus(RdmaGidStatus.builder().linkLayer("Ethernet").mtu(mtu).build());
    RdmaGid _ = facts.ports().put(object.getMetadata().getName(), object);
  }
}
