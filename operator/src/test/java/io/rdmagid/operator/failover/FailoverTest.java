package io.rdmagid.operator.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.rdmagid.operator.failover.Group.Phase;
import io.rdmagid.operator.failover.Situation.Pause;
import io.rdmagid.pool.FailoverPolicy;
import io.rdmagid.pool.GidChangeAction;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FailoverTest {
  private static final Instant T0 = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration GRACE = Duration.ofSeconds(60);
  private static final Budget BUDGET = new Budget(2, Duration.ofMinutes(10));
  private static final PodRef A = new PodRef("team", "a", "uid-a");
  private static final PodRef B = new PodRef("team", "b", "uid-b");

  private GidChangeAction action = GidChangeAction.EVICT;
  private boolean dryRun;
  private boolean breakerOpen;
  private Set<String> reporting = Set.of("node");
  private Map<String, Pause> pauses = Map.of();

  private static HeldPod pod(PodRef pod, int lost, int outdated) {
    return new HeldPod(pod, "node", Map.of("fast", new HeldPod.Ports(2, lost, 0, outdated)));
  }

  private static HeldPod broken(PodRef pod) {
    return pod(pod, 1, 0);
  }

  private static HeldPod well(PodRef pod) {
    return pod(pod, 0, 0);
  }

  private Situation situation(Progress progress, HeldPod... pods) {
    return new Situation(
        "fast",
        new FailoverPolicy(action, GRACE, dryRun),
        List.of(pods),
        reporting,
        breakerOpen,
        BUDGET,
        pauses,
        progress);
  }

  private Decision next(Progress progress, int seconds, HeldPod... pods) {
    return Failover.next(situation(progress, pods), T0.plusSeconds(seconds));
  }

  private static Progress of(Group... groups) {
    return new Progress(Optional.empty(), List.of(groups));
  }

  private static Group evicting(PodRef... pods) {
    return new Group(
        "group",
        Phase.EVICTING,
        T0,
        "",
        List.of(pods).stream().map(pod -> new Group.Member(pod, false)).toList());
  }

  private static void assertWrites(Decision decision, Progress next, Notice.Kind... kinds) {
    assertThat(decision)
        .isInstanceOfSatisfying(
            Decision.Write.class,
            write -> {
              assertThat(write.next()).isEqualTo(next);
              assertThat(write.notices()).extracting(Notice::kind).containsExactly(kinds);
            });
  }

  /** First it is written down, then told and forgotten. */
  private void assertCancels(
      Progress progress, String reason, int told, int seconds, HeldPod... now) {
    Progress decided = progress.heldUp(progress.groups().getFirst().uid(), reason);
    assertWrites(next(progress, seconds, now), decided);
    assertWrites(
        next(decided, seconds, now),
        Progress.NONE,
        Collections.nCopies(told, Notice.Kind.CANCELLED).toArray(Notice.Kind[]::new));
  }

  private static Decision waitUntil(int seconds) {
    return new Decision.Wait(Optional.of(T0.plusSeconds(seconds)));
  }

  private static final Decision NOTHING = new Decision.Wait(Optional.empty());

  @ParameterizedTest
  @CsvSource({"0, 0, false", "1, 0, true", "0, 1, true", "1, 1, true"})
  void whatIsBroken(int lost, int outdated, boolean broken) {
    assertThat(next(Progress.NONE, 0, pod(A, lost, outdated)))
        .isInstanceOf(broken ? Decision.Write.class : Decision.Wait.class);
  }

  @Test
  void aBrokenPodWaitsOutTheGracePeriodAndIsStarted() {
    Progress waiting = of(Group.waiting(A, T0));

    assertWrites(next(Progress.NONE, 0, broken(A)), waiting);
    assertThat(next(waiting, 0, broken(A))).isEqualTo(waitUntil(60));
    assertThat(next(waiting, 59, broken(A))).isEqualTo(waitUntil(60));
    assertThat(next(waiting, 60, broken(A))).isEqualTo(new Decision.Start(Group.waiting(A, T0)));
  }

  @Test
  void aPodThatRecoversIsForgottenAndOneThatGoesIsNotMentioned() {
    Progress waiting = of(Group.waiting(A, T0));

    assertCancels(waiting, "Recovered", 1, 61, well(A));
    assertWrites(next(waiting, 61), Progress.NONE);
  }

  /** Who has told it, and ended, is not made a liar. */
  @Test
  void whatIsGivenUpIsGivenUpWhateverChangesBeforeItIsTold() {
    Progress decided = of(Group.waiting(A, T0)).heldUp("uid-a", "Recovered");

    assertWrites(
        next(decided, 61, broken(A)),
        of(Group.waiting(A, T0.plusSeconds(61))),
        Notice.Kind.CANCELLED);
    assertWrites(next(decided, 61), Progress.NONE, Notice.Kind.CANCELLED);
    assertWrites(
        next(of(evicting(A)).heldUp("group", "PoolDoesNotEvict"), 61, broken(A)),
        of(Group.waiting(A, T0.plusSeconds(61))),
        Notice.Kind.CANCELLED);
  }

  @Test
  void whatIsPlannedIsToldOfThoseThatWait() {
    Progress some =
        of(
            Group.waiting(A, T0),
            Group.waiting(B, T0).heldUpBy("Recovered"),
            evicting(new PodRef("team", "c", "uid-c")));

    assertThat(Failover.planned(situation(some, broken(A), broken(B))))
        .extracting(Notice::kind, Notice::pod, Notice::since)
        .containsExactly(tuple(Notice.Kind.PLANNED, A, T0));
    assertThat(Failover.planned(situation(some, broken(B)))).as("it is gone").isEmpty();

    action = GidChangeAction.REFRESH;
    assertThat(Failover.planned(situation(some, broken(A)))).as("no plan any more").isEmpty();
  }

  @Test
  void withRefreshNothingIsEvictedEver() {
    action = GidChangeAction.REFRESH;

    assertThat(next(Progress.NONE, 0, broken(A))).isEqualTo(NOTHING);
    assertCancels(of(Group.waiting(A, T0)), "PoolDoesNotEvict", 1, 61, broken(A));
    // Both stay.
    assertCancels(of(evicting(A, B)), "PoolDoesNotEvict", 2, 61, broken(A), well(B));
  }

  @ParameterizedTest
  @EnumSource(GidChangeAction.class)
  void onANodeThatDoesNotReportNothingIsStarted(GidChangeAction each) {
    action = each;
    reporting = Set.of("other");

    assertThat(next(Progress.NONE, 0, broken(A))).isEqualTo(NOTHING);
    assertCancels(
        of(Group.waiting(A, T0)),
        each == GidChangeAction.REFRESH ? "PoolDoesNotEvict" : "AgentNotReady",
        1,
        61,
        broken(A));
  }

  @Test
  void aStartedPodIsHeldWhileNobodyCanTellButAGroupIsFinished() {
    reporting = Set.of();

    assertThat(next(of(evicting(A)), 61, broken(A))).isEqualTo(NOTHING);
    assertThat(next(of(evicting(A, B)), 61, broken(A), broken(B)))
        .isEqualTo(new Decision.Evict(evicting(A, B)));
  }

  @Test
  void theOpenBreakerStartsNothing() {
    breakerOpen = true;

    assertThat(next(Progress.NONE, 0, broken(A))).isEqualTo(NOTHING);
    assertCancels(of(Group.waiting(A, T0)), "BreakerOpen", 1, 61, broken(A));
    assertThat(next(of(evicting(A)), 61, broken(A))).isEqualTo(NOTHING);
    assertThat(next(of(evicting(A, B)), 61, broken(A)))
        .isEqualTo(new Decision.Evict(evicting(A, B)));
  }

  @Test
  void whenTheBreakerClosesTheGracePeriodBeginsAnew() {
    Progress again = of(Group.waiting(A, T0.plusSeconds(300)));

    assertWrites(next(Progress.NONE, 300, broken(A)), again);
    assertThat(next(again, 359, broken(A))).isEqualTo(waitUntil(360));
    assertThat(next(of(evicting(A)), 300, broken(A))).isEqualTo(new Decision.Evict(evicting(A)));
  }

  /** Such as a clock that was an hour ahead when it was written down. */
  @Test
  void aClockThatWasSetBackEvictsNobodyEarly() {
    Progress later = of(Group.waiting(A, T0.plusSeconds(3600)));

    assertThat(next(later, 120, broken(A))).isEqualTo(waitUntil(3660));
  }

  @Test
  void aStartedPodThatRecoversIsLeftAloneButAGroupIsFinished() {
    assertCancels(of(evicting(A)), "Recovered", 1, 61, well(A));
    assertThat(next(of(evicting(A, B)), 61, well(A), well(B)))
        .isEqualTo(new Decision.Evict(evicting(A, B)));
    assertThat(next(of(evicting(A, B)), 61)).isEqualTo(new Decision.Evict(evicting(A, B)));
  }

  @Test
  void anEvictedPodDoesNotBeginAnewAndIsForgottenWhenItIsGone() {
    Progress done = of(evicting(A)).evicted("group", Set.of(A));

    assertThat(next(done, 61, broken(A))).isEqualTo(NOTHING);
    assertWrites(next(done, 61, broken(B)), of(Group.waiting(B, T0.plusSeconds(61))));
  }

  @Test
  void thePoolsBudgetHoldsUpUntilTheWindowEnds() {
    Progress spent =
        new Progress(Optional.of(new Budget.Window(T0, 2)), List.of(Group.waiting(A, T0)));

    assertWrites(next(spent, 61, broken(A)), spent.heldUp("uid-a", "PoolBudget"));
    assertThat(next(spent.heldUp("uid-a", "PoolBudget"), 61, broken(A))).isEqualTo(waitUntil(600));
    assertThat(next(spent.heldUp("uid-a", "PoolBudget"), 600, broken(A)))
        .isInstanceOf(Decision.Start.class);
  }

  @Test
  void aPauseHoldsUpOneAndNotTheOthers() {
    pauses = Map.of("uid-a", new Pause(T0.plusSeconds(90), "DisruptionBudget"));
    Progress two = of(Group.waiting(A, T0), Group.waiting(B, T0));
    Progress said = two.heldUp("uid-a", "DisruptionBudget");

    assertWrites(next(two, 61, broken(A), broken(B)), said);
    assertThat(next(said, 61, broken(A), broken(B)))
        .isEqualTo(new Decision.Start(Group.waiting(B, T0)));
    assertThat(next(said.heldUp("uid-b", ""), 90, broken(A), broken(B)))
        .isInstanceOfSatisfying(
            Decision.Start.class, start -> assertThat(start.waiting().pod()).isEqualTo(A));
  }

  @Test
  void whatWouldBeEvictedIsStartedWhenThePoolNoLongerSaysDryRun() {
    dryRun = true;
    Progress would = of(Group.waiting(A, T0)).wouldEvict("uid-a");
    assertThat(next(would, 61, broken(A))).isEqualTo(NOTHING);
    Progress decided = of(evicting(A)).heldUp("group", "PoolDoesNotEvict");
    assertWrites(next(of(evicting(A)), 61, broken(A)), decided);
    assertWrites(
        next(decided, 61, broken(A)),
        of(Group.waiting(A, T0.plusSeconds(61))),
        Notice.Kind.CANCELLED);

    dryRun = false;
    assertWrites(next(would, 61, broken(A)), of(Group.waiting(A, T0)));
  }

  @Test
  void whoWaitsAndIsOfAStartedGroupWaitsNoMore() {
    Progress both = of(Group.waiting(B, T0), evicting(A, B));

    assertWrites(next(both, 1, broken(A), broken(B)), of(evicting(A, B)));
  }

  @Test
  void moreThanTheStatusHoldsIsSeenLater() {
    HeldPod[] many =
        IntStream.range(0, Failover.MOST_GROUPS + 3)
            .mapToObj(n -> broken(new PodRef("team", "p" + n, "uid-" + n)))
            .toArray(HeldPod[]::new);

    assertThat(((Decision.Write) next(Progress.NONE, 0, many)).next().groups())
        .hasSize(Failover.MOST_GROUPS);
  }

  @Test
  void theBreakerCountsWhatIsBrokenOnNodesThatReport() {
    List<HeldPod> pods =
        IntStream.range(0, 50)
            .mapToObj(
                n -> pod(new PodRef("team", "p" + n, "uid-" + n), n < 11 ? 1 : 0, n < 11 ? 1 : 0))
            .toList();

    assertThat(Breaker.of(pods, Set.of("node"), Set.of("fast"), 0.2))
        .isEqualTo(new Breaker(22, 100, 0.2))
        .matches(Breaker::isOpen);
    assertThat(Breaker.of(pods, Set.of("node"), Set.of(), 0.2))
        .as("outdated variables of a pool that only refreshes stay")
        .isEqualTo(new Breaker(11, 100, 0.2))
        .matches(breaker -> !breaker.isOpen());
    assertThat(Breaker.of(pods, Set.of(), Set.of("fast"), 0.2).ports()).isZero();
    assertThat(new Breaker(20, 100, 0.2).isOpen()).as("it closes at the share").isFalse();
    assertThat(new Breaker(21, 100, 0.2).isOpen()).isTrue();
    assertThat(Breaker.of(pods.subList(0, 4), Set.of("node"), Set.of("fast"), 0.2))
        .as("a handful is not the cluster")
        .isEqualTo(new Breaker(8, 8, 0.2))
        .matches(breaker -> !breaker.isOpen());
  }

  @Test
  void aProgressComesBackFromTheStatusAsItWas() {
    Progress progress =
        new Progress(
            Optional.of(new Budget.Window(T0.plusNanos(5), 2)),
            List.of(
                Group.waiting(new PodRef("team", "c", "uid-c"), T0).heldUpBy("PoolBudget"),
                evicting(A, B).without(Set.of(B))));

    assertThat(ProgressMapping.parse(ProgressMapping.status(progress))).contains(progress);
    assertThat(ProgressMapping.status(Progress.NONE)).isNull();
    assertThat(ProgressMapping.parse(null)).contains(Progress.NONE);
  }
}
