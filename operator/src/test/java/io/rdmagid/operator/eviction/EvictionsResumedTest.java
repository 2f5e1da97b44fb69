package io.rdmagid.operator.eviction;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.operator.failover.Budget;
import io.rdmagid.operator.failover.Notice;
import io.rdmagid.operator.failover.PodRef;
import io.rdmagid.operator.failover.Progress;
import io.rdmagid.pool.FailoverPolicy;
import io.rdmagid.pool.GidChangeAction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Operators that end between any two effects, and others that go on where they stopped. */
class EvictionsResumedTest {
  private static final Duration WINDOW = Duration.ofMinutes(10);
  private static final Duration GRACE = Duration.ofSeconds(60);
  private static final Budget PLENTY = new Budget(1000, WINDOW);

  private Budget poolBudget = PLENTY;
  private FailoverPolicy policy = new FailoverPolicy(GidChangeAction.EVICT, GRACE, false);

  /** One turn of an operator that knows nothing but what is written down. */
  private void turn(World world, PoolRecord record) {
    Optional<Instant> _ = world.turn(record, policy, poolBudget, new Pauses());
  }

  private void turns(World world, Duration time) {
    Duration step = Duration.ofSeconds(10);
    for (Duration gone = Duration.ZERO; gone.compareTo(time) < 0; gone = gone.plus(step)) {
      turn(world, world.read());
      world.pass(step);
    }
  }

  /** Two jobs of two pods, of each the first is broken, and a broken pod of its own. */
  private World started() {
    World world = new World(PLENTY);
    world.pod("a0", "uid-a0", "a", true);
    world.pod("a1", "uid-a1", "a", false);
    world.pod("b0", "uid-b0", "b", true);
    world.pod("b1", "uid-b1", "b", false);
    world.pod("c0", "uid-c0", "c", true);
    turn(world, world.read());
    world.pass(GRACE);
    return world;
  }

  private int effects() {
    World world = started();
    int before = world.effects;
    turn(world, world.read());
    assertThat(world.evictions).isNotEmpty();
    return world.effects - before;
  }

  private void assertAllOnce(World world, GidChangeAction action, int cut) {
    assertThat(world.evictions.keySet())
        .as("cut at %d", cut)
        .extracting(PodRef::name)
        .containsExactlyInAnyOrder(
            action == GidChangeAction.EVICT
                ? new String[] {"a0", "b0", "c0"}
                : new String[] {"a0", "a1", "b0", "b1", "c0"});
    assertThat(world.evictions.values()).as("cut at %d", cut).containsOnly(1);
    assertThat(world.charges.values())
        .as("cut at %d", cut)
        .singleElement()
        .satisfies(keys -> assertThat(keys).hasSize(3));
    assertThat(world.progress().window().map(Budget.Window::evictions))
        .as("cut at %d", cut)
        .contains(3);
    assertThat(world.told)
        .as("cut at %d", cut)
        .filteredOn(notice -> notice.kind() == Notice.Kind.EVICTED)
        .hasSize(world.evictions.size());
    assertThat(world.progress().groups()).as("cut at %d", cut).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"EVICT", "EVICT_GROUP"})
  void killedBetweenAnyTwoEffects(GidChangeAction action) {
    policy = new FailoverPolicy(action, GRACE, false);
    int effects = effects();
    assertThat(effects).isGreaterThan(20);
    for (int cut = 0; cut < effects; cut++) {
      World world = started();
      world.crashAt = world.effects + cut;
      try {
        turn(world, world.read());
      } catch (World.Crash _) {
        world.crashAt = -1;
      }
      assertThat(world.crashAt).as("it was killed at %d", cut).isEqualTo(-1);
      turns(world, Duration.ofMinutes(2));
      assertAllOnce(world, action, cut);
    }
  }

  /** The new leader does all there is to do while a call of the old one hangs. */
  @ParameterizedTest
  @EnumSource(names = {"EVICT", "EVICT_GROUP"})
  void anOldLeaderIsStillInACall(GidChangeAction action) {
    policy = new FailoverPolicy(action, GRACE, false);
    int effects = effects();
    for (int cut = 0; cut < effects; cut++) {
      World world = started();
      world.meanwhileAt = world.effects + cut;
      world.meanwhile = () -> turns(world, Duration.ofMinutes(2));
      turn(world, world.read());
      turns(world, Duration.ofMinutes(2));
      assertAllOnce(world, action, cut);
    }
  }

  @Test
  void whatIsGivenUpIsToldOnceWhereverTheOperatorEnds() {
    for (int cut = 0; cut < 20; cut++) {
      World world = new World(PLENTY);
      world.pod("a", "uid-a", "a", true);
      world.crashAt = cut;
      for (int turn = 0; turn < 2; turn++) {
        turnOrCrash(world);
        turnOrCrash(world);
        world.pod("a", "uid-a", "a", false);
      }

      assertThat(world.evictions).isEmpty();
      assertThat(world.told)
          .as("cut at %d", cut)
          .extracting(Notice::kind)
          .isEqualTo(List.of(Notice.Kind.PLANNED, Notice.Kind.CANCELLED));
      assertThat(world.progress()).as("cut at %d", cut).isEqualTo(Progress.NONE);
    }
  }

  private void turnOrCrash(World world) {
    try {
      turn(world, world.read());
    } catch (World.Crash _) {
      world.crashAt = -1;
    }
  }

  @Test
  void aPoolsBudgetSurvivesARestart() {
    poolBudget = new Budget(2, WINDOW);
    World world = started();

    turns(world, Duration.ofMinutes(9));
    assertThat(world.evictions).hasSize(2);
    assertThat(world.progress().groups())
        .singleElement()
        .satisfies(group -> assertThat(group.reason()).isEqualTo("PoolBudget"));

    turns(world, Duration.ofMinutes(2));
    assertThat(world.evictions).hasSize(3);
  }

  @Test
  void aDryRunThatIsKilledTellsOnceAndEvictsNone() {
    policy = new FailoverPolicy(GidChangeAction.EVICT_GROUP, GRACE, true);
    for (int cut = 0; cut < 18; cut++) {
      World world = started();
      world.crashAt = world.effects + cut;
      try {
        turn(world, world.read());
      } catch (World.Crash _) {
        world.crashAt = -1;
      }
      assertThat(world.crashAt).as("it was killed at %d", cut).isEqualTo(-1);
      turns(world, Duration.ofMinutes(2));
      assertThat(world.evictions).isEmpty();
      assertThat(world.charges).isEmpty();
      assertThat(world.told)
          .as("cut at %d", cut)
          .filteredOn(notice -> notice.kind() == Notice.Kind.WOULD_EVICT)
          .hasSize(3);
    }
  }

  /** A thousand dry runs take their time. */
  @Test
  void aPodThatRecoversWhileItsGroupIsAskedForIsLeftAlone() {
    policy = new FailoverPolicy(GidChangeAction.EVICT_GROUP, GRACE, false);
    World world = new World(PLENTY);
    world.pod("a0", "uid-a0", "a", true);
    world.pod("a1", "uid-a1", "a", false);
    world.atDryRun = () -> world.pod("a0", "uid-a0", "a", false);

    turns(world, Duration.ofMinutes(3));

    assertThat(world.dryRuns).isEqualTo(2);
    assertThat(world.evictions).isEmpty();
    assertThat(world.charges).isEmpty();
    assertThat(world.told)
        .extracting(Notice::kind)
        .isEqualTo(List.of(Notice.Kind.PLANNED, Notice.Kind.CANCELLED));
  }
}
