package io.rdmagid.operator.eviction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.rdmagid.operator.failover.Budget;
import io.rdmagid.operator.failover.Group;
import io.rdmagid.operator.failover.Notice;
import io.rdmagid.operator.failover.PodRef;
import io.rdmagid.operator.failover.Progress;
import io.rdmagid.pool.FailoverPolicy;
import io.rdmagid.pool.GidChangeAction;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EvictionsTest {
  private static final Duration WINDOW = Duration.ofMinutes(10);
  private static final Duration GRACE = Duration.ofSeconds(60);
  private static final Budget PLENTY = new Budget(1000, WINDOW);

  private Budget poolBudget = PLENTY;
  private FailoverPolicy policy = new FailoverPolicy(GidChangeAction.EVICT, GRACE, false);

  private void policy(GidChangeAction action, boolean dryRun) {
    policy = new FailoverPolicy(action, GRACE, dryRun);
  }

  private Optional<Instant> run(World world, Pauses pauses) {
    return world.turn(world, policy, poolBudget, pauses);
  }

  private void runFor(World world, Pauses pauses, Duration time) {
    Duration step = Duration.ofSeconds(10);
    for (Duration gone = Duration.ZERO; gone.compareTo(time) < 0; gone = gone.plus(step)) {
      Optional<Instant> _ = run(world, pauses);
      world.pass(step);
    }
  }

  private static List<String> evicted(World world) {
    return world.evictions.keySet().stream().map(PodRef::name).sorted().toList();
  }

  private static List<Notice.Kind> told(World world) {
    return world.told.stream().map(Notice::kind).toList();
  }

  /** A job that is to be evicted whole: its first pod is broken, and its grace period over. */
  private World brokenJob(String... pods) {
    policy(GidChangeAction.EVICT_GROUP, false);
    World world = new World(PLENTY);
    for (String pod : pods) {
      world.pod(pod, "uid-" + pod, "job", pod.equals(pods[0]));
    }
    Optional<Instant> _ = run(world, new Pauses());
    world.pass(GRACE);
    return world;
  }

  @Test
  void theBrokenPodIsEvictedAfterItsGracePeriodAndNoOther() {
    World world = new World(PLENTY);
    world.pod("a", "uid-a", "job", true);
    world.pod("b", "uid-b", "job", false);

    assertThat(run(world, new Pauses())).contains(world.instant().plus(GRACE));
    assertThat(evicted(world)).isEmpty();
    runFor(world, new Pauses(), Duration.ofMinutes(2));

    assertThat(evicted(world)).containsExactly("a");
    assertThat(told(world)).containsExactly(Notice.Kind.PLANNED, Notice.Kind.EVICTED);
    assertThat(world.progress().groups()).isEmpty();
  }

  @Test
  void theWholeGroupIsEvictedOrNoneOfIt() {
    policy(GidChangeAction.EVICT_GROUP, false);
    World world = new World(PLENTY);
    world.pod("a", "uid-a", "job", true);
    world.pod("b", "uid-b", "job", false);
    world.pod("c", "uid-c", "other", false);
    world.guarded.add("b");
    Pauses pauses = new Pauses();

    runFor(world, pauses, Duration.ofMinutes(3));
    assertThat(evicted(world)).isEmpty();
    assertThat(told(world)).containsExactly(Notice.Kind.PLANNED, Notice.Kind.BLOCKED);
    assertThat(world.progress().groups())
        .singleElement()
        .satisfies(group -> assertThat(group.reason()).isEqualTo("DisruptionBudget"));
    assertThat(world.charges).as("what is not started costs nothing").isEmpty();
    assertThat(world.asked).as("pauses grow").isLessThan(12);

    world.guarded.clear();
    runFor(world, pauses, Duration.ofMinutes(6));
    assertThat(evicted(world)).containsExactly("a", "b");
    assertThat(world.charges.values()).containsExactly(Set.of("uid-a@2026-03-01T12:00:00Z"));
  }

  @Test
  void whatWasStartedIsFinished() {
    World world = brokenJob("a", "b");
    // Whoever evicts a does not come to b.
    world.crashAt = world.effects + 7;
    crashOnce(world);
    assertThat(evicted(world)).containsExactly("a");
    world.guarded.add("b");
    Pauses pauses = new Pauses();
    runFor(world, pauses, Duration.ofMinutes(1));
    assertThat(world.progress().groups())
        .singleElement()
        .satisfies(group -> assertThat(group.phase()).isEqualTo(Group.Phase.EVICTING));

    world.guarded.clear();
    runFor(world, pauses, Duration.ofMinutes(6));
    assertThat(evicted(world)).containsExactly("a", "b");
    assertThat(world.progress().groups()).isEmpty();
  }

  /** As a job's controller deletes the rest of a job of which one pod is gone. */
  @Test
  void whatOthersDeleteIsDoneWithAndNotTold() {
    World world = brokenJob("a", "b");
    // Once a is evicted, and told of.
    world.meanwhileAt = world.effects + 9;
    world.meanwhile = () -> world.delete("b");

    runFor(world, new Pauses(), Duration.ofMinutes(1));

    assertThat(evicted(world)).containsExactly("a");
    assertThat(world.told)
        .extracting(Notice::kind, notice -> notice.pod().name())
        .containsExactly(tuple(Notice.Kind.PLANNED, "a"), tuple(Notice.Kind.EVICTED, "a"));
    assertThat(world.progress().groups()).isEmpty();
  }

  /** The broken pod goes: the others of its job are its controller's to look after. */
  @ParameterizedTest
  @EnumSource(names = {"EVICT", "EVICT_GROUP"})
  void aPodThatOthersDeleteIsNotBegunWith(GidChangeAction action) {
    policy(action, false);
    World world = new World(PLENTY);
    world.pod("a", "uid-a", "job", true);
    world.pod("b", "uid-b", "job", false);
    world.stuck.add("a");
    Optional<Instant> _ = run(world, new Pauses());
    world.delete("a");

    runFor(world, new Pauses(), Duration.ofMinutes(3));

    assertThat(evicted(world)).isEmpty();
    assertThat(world.charges).isEmpty();
    assertThat(world.progress().window()).isEmpty();
    assertThat(world.progress().groups())
        .singleElement()
        .satisfies(group -> assertThat(group.phase()).isEqualTo(Group.Phase.WAITING));
  }

  private World largeJob(int pods) {
    return brokenJob(
        IntStream.range(0, pods).mapToObj(number -> "pod-" + number).toArray(String[]::new));
  }

  /** Each write is an event for the agent of each node. */
  @Test
  void aLargeGroupIsWrittenDownAFewTimes() {
    World world = largeJob(1000);
    int writes = world.writes;

    assertThat(world.turn(world.read(), policy, poolBudget, new Pauses())).isEmpty();

    assertThat(evicted(world)).hasSize(1000);
    assertThat(world.writes - writes).isEqualTo(1 + Evictions.WRITES);
  }

  /** What a refused pod adds is no reason to ask for the pool. */
  @Test
  void aLargeGroupOfWhichMostAreRefusedAsksForThePoolAfterEachBatch() {
    World world = largeJob(200);
    AtomicInteger looks = new AtomicInteger();
    PoolRecord record =
        new PoolRecord() {
          private final PoolRecord read = world.read();

          @Override
          public boolean stands() {
            looks.incrementAndGet();
            return read.stands();
          }

          @Override
          public Progress progress() {
            return read.progress();
          }

          @Override
          public boolean write(Progress next) {
            for (int i = Evictions.BATCH; i < 200; i++) {
              world.guarded.add("pod-" + i);
            }
            return read.write(next);
          }
        };

    assertThat(world.turn(record, policy, poolBudget, new Pauses())).isPresent();

    assertThat(evicted(world)).hasSize(Evictions.BATCH);
    assertThat(looks.get()).isBetween(1, 200 / Evictions.BATCH);
  }

  @Test
  void aPoolThatChangesEndsALargeGroupSoon() {
    World world = largeJob(1000);
    world.meanwhileAt = world.effects + 40;
    world.meanwhile = world::otherwiseWritten;

    assertThat(world.turn(world.read(), policy, poolBudget, new Pauses())).isPresent();

    assertThat(evicted(world)).hasSize(Evictions.BATCH);
  }

  /** Its kubelet is gone: it is being deleted, and stays. */
  @Test
  void aPodThatNeverGoesHoldsUpNoOtherOfItsJobAndIsEvictedOnce() {
    policy(GidChangeAction.EVICT_GROUP, false);
    World world = new World(PLENTY);
    world.pod("a", "uid-a", "job", true);
    world.pod("b", "uid-b", "job", false);
    world.stuck.add("a");
    runFor(world, new Pauses(), Duration.ofMinutes(2));
    assertThat(evicted(world)).containsExactly("a", "b");

    world.pod("b", "uid-b-2", "job", true);
    runFor(world, new Pauses(), Duration.ofMinutes(3));

    assertThat(world.counts().values()).containsExactly(1, 1, 1);
    assertThat(world.counts().keySet())
        .extracting(PodRef::uid)
        .containsExactlyInAnyOrder("uid-a", "uid-b", "uid-b-2");
    assertThat(world.progress().groups())
        .singleElement()
        .satisfies(group ->
            assertThat(group.members())
                .as("it does not begin anew")
                .contains(new Group.Member(new PodRef("team", "a", "uid-a"), true)));
    assertThat(told(world))
        .containsExactly(
            Notice.Kind.PLANNED,
            Notice.Kind.EVICTED,
            Notice.Kind.EVICTED,
            Notice.Kind.PLANNED,
            Notice.Kind.EVICTED);

    world.stuck.clear();
    runFor(world, new Pauses(), Duration.ofMinutes(1));
    assertThat(world.progress().groups()).isEmpty();
  }

  private void crashOnce(World world) {
    try {
      Optional<Instant> _ = run(world, new Pauses());
    } catch (World.Crash _) {
      world.crashAt = -1;
    }
  }

  @Test
  void aDryRunTellsOnly() {
    policy(GidChangeAction.EVICT_GROUP, true);
    World world = new World(PLENTY);
    world.pod("a", "uid-a", "job", true);
    world.pod("b", "uid-b", "job", false);

    runFor(world, new Pauses(), Duration.ofMinutes(5));

    assertThat(evicted(world)).isEmpty();
    assertThat(world.dryRuns).isEqualTo(2);
    assertThat(told(world)).containsExactly(Notice.Kind.PLANNED, Notice.Kind.WOULD_EVICT);
    assertThat(world.charges).isEmpty();
  }

  /** The pod that comes back under the name has another uid. */
  @Test
  void anotherPodOfTheSameNameIsLeftAlone() {
    World world = new World(PLENTY);
    world.pod("a", "uid-a", "job", true);
    Optional<Instant> _ = run(world, new Pauses());
    world.pass(GRACE);
    world.crashAt = world.effects + 7;
    crashOnce(world);
    world.pass(Duration.ofSeconds(1));
    world.pod("a", "uid-a-2", "job", false);

    runFor(world, new Pauses(), Duration.ofMinutes(2));

    assertThat(world.evictions.keySet()).extracting(PodRef::uid).containsExactly("uid-a");
    assertThat(world.progress().groups()).isEmpty();
  }

  @Property(tries = 100)
  void whereverItCrashesNothingIsLostDoneTwiceOrBeyondTheBudgets(
      @ForAll @Size(min = 1, max = 8) List<@IntRange(max = 2) Integer> groupOfPod,
      @ForAll int brokenBits,
      @ForAll @IntRange(min = 1, max = 3) int ofPool,
      @ForAll @IntRange(min = 1, max = 3) int ofCluster,
      @ForAll @Size(max = 6) List<@IntRange(max = 20) Integer> crashes,
      @ForAll boolean whole) {
    policy(whole ? GidChangeAction.EVICT_GROUP : GidChangeAction.EVICT, false);
    poolBudget = new Budget(ofPool, WINDOW);
    World world = new World(new Budget(ofCluster, WINDOW));
    Set<String> expected = new HashSet<>();
    for (int i = 0; i < groupOfPod.size(); i++) {
      boolean broken = ((brokenBits >> i) & 1) == 1;
      world.pod("p" + i, "uid-" + i, "job-" + groupOfPod.get(i), broken);
      for (int j = 0; broken && j < groupOfPod.size(); j++) {
        if (j == i || (whole && groupOfPod.get(j).equals(groupOfPod.get(i)))) {
          expected.add("p" + j);
        }
      }
    }
    Optional<Instant> _ = run(world, new Pauses());
    world.pass(GRACE);
    for (int crash : crashes) {
      world.crashAt = world.effects + crash;
      crashOnce(world);
      world.pass(Duration.ofSeconds(25));
      assertThat(world.progress().window().map(Budget.Window::evictions).orElse(0))
          .isLessThanOrEqualTo(ofPool);
    }
    world.crashAt = -1;
    Pauses pauses = new Pauses();
    for (int window = 0; window < 10; window++) {
      runFor(world, pauses, WINDOW);
      assertThat(world.progress().window().map(Budget.Window::evictions).orElse(0))
          .isLessThanOrEqualTo(ofPool);
    }

    assertThat(Set.copyOf(evicted(world))).isEqualTo(expected);
    assertThat(world.counts().values()).allMatch(count -> count == 1);
    assertThat(world.charges.values()).allMatch(keys -> keys.size() <= ofCluster);
    assertThat(world.progress().groups()).isEmpty();
  }

  @Property(tries = 100)
  void whatRecoversInTimeIsNotEvicted(
      @ForAll @IntRange(max = 59) int recovery,
      @ForAll boolean whole,
      @ForAll @Size(max = 4) List<@IntRange(max = 6) Integer> crashes) {
    policy(whole ? GidChangeAction.EVICT_GROUP : GidChangeAction.EVICT, false);
    World world = new World(PLENTY);
    world.pod("a", "uid-a", "job", true);
    world.pod("b", "uid-b", "job", false);
    for (int crash : crashes) {
      world.crashAt = world.effects + crash;
      crashOnce(world);
    }
    world.crashAt = -1;
    Optional<Instant> _ = run(world, new Pauses());
    world.pass(Duration.ofSeconds(recovery));
    Optional<Instant> _ = run(world, new Pauses());
    world.pod("a", "uid-a", "job", false);

    runFor(world, new Pauses(), Duration.ofMinutes(5));

    assertThat(evicted(world)).isEmpty();
    assertThat(told(world))
        .as("each once")
        .containsExactly(Notice.Kind.PLANNED, Notice.Kind.CANCELLED);
    assertThat(world.progress().groups()).isEmpty();
  }

  @Test
  void theLedgerComesBackAsItWas() {
    ConfigMapBudget.Ledger ledger =
        new ConfigMapBudget.Ledger(
            Instant.parse("2026-03-01T12:00:00.5Z"), Set.of("uid-a@t", "uid-b@t"));

    assertThat(ConfigMapBudget.Ledger.parse(ledger.data())).contains(ledger);
    assertThat(ConfigMapBudget.Ledger.parse(Map.of("window", "now", "evictions", ""))).isEmpty();
    assertThat(ConfigMapBudget.Ledger.parse(Map.of("window", "2026-03-01T12:00:00Z"))).isEmpty();
  }
}
