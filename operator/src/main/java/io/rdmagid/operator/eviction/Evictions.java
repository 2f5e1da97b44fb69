package io.rdmagid.operator.eviction;

import io.rdmagid.operator.failover.Budget;
import io.rdmagid.operator.failover.Decision;
import io.rdmagid.operator.failover.Failover;
import io.rdmagid.operator.failover.Group;
import io.rdmagid.operator.failover.Notice;
import io.rdmagid.operator.failover.PodRef;
import io.rdmagid.operator.failover.Progress;
import io.rdmagid.operator.failover.Situation;
import io.rdmagid.pool.FailoverPolicy;
import io.rdmagid.pool.GidChangeAction;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does one decision after the other for one pool. Where it ends between any two effects, another
 * goes on from what is written down and comes to the same: what is told has a name, the cluster's
 * budget knows whom it counted, a group is written down before its first pod is evicted, and a pod
 * that was evicted twice was evicted once, since both times it is the pod of that uid.
 */
final class Evictions {
  private static final Logger LOG = LoggerFactory.getLogger(Evictions.class);

  /** Pods asked for after which a pool that says something else by now is heard, at the latest. */
  static final int BATCH = 16;

  /**
   * Writes, about, of what was done of one group. Each is an event of the whole status, 150 kB of a
   * group of 1,024, for the agent of each node. Who ends before has done again what changes
   * nothing.
   */
  static final int WRITES = 8;

  /** Effects at a time, after which others have their turn. */
  private static final int MOST_STEPS = 100;

  /** Pods of one group: what a pool's status can hold. */
  private static final int MOST_PODS = 1024;

  /** Pods of all groups of a pool that are evicted at a time. */
  private static final int MOST_PODS_AT_A_TIME = 2048;

  private static final Duration SOON = Duration.ofSeconds(1);

  private final EvictionApi api;
  private final PodGroups groups;
  private final ClusterBudget clusterBudget;
  private final Clock clock;

  /** The groups that wait and of which this process has told, by pool. */
  private final Map<String, Set<String>> planned = new ConcurrentHashMap<>();

  Evictions(EvictionApi api, PodGroups groups, ClusterBudget clusterBudget, Clock clock) {
    this.api = api;
    this.groups = groups;
    this.clusterBudget = clusterBudget;
    this.clock = clock;
  }

  /**
   * Does what there is to do now.
   *
   * @param situation what is known at the moment that it is asked, by what is written down: asked
   *     before each effect, as requests take their time
   * @param pauses of this pool
   * @return when to come again at the latest; empty for never
   */
  Optional<Instant> run(PoolRecord pool, Function<Progress, Situation> situation, Pauses pauses) {
    for (int step = 0; step < MOST_STEPS; step++) {
      Situation now = situation.apply(pool.progress());
      tellPlanned(now);
      boolean written;
      switch (Failover.next(now, clock.instant())) {
        case Decision.Wait(Optional<Instant> until) -> {
          pauses.retain(
              pool.progress().groups().stream().map(Group::uid).collect(Collectors.toSet()));
          return until;
        }
        case Decision.Write(Progress next, List<Notice> notices) -> {
          notices.forEach(this::tell);
          written = pool.write(next);
        }
        case Decision.Start(Group waiting) ->
            written =
                start(pool, now, waiting, () -> isStillToStart(pool, situation, waiting), pauses);
        case Decision.Evict(Group started) -> written = evict(pool, started, pauses);
      }
      if (!written) {
        break;
      }
    }
    return Optional.of(clock.instant().plus(SOON));
  }

  /** Many requests later: to ask for a group and all its pods takes its time. */
  private boolean isStillToStart(
      PoolRecord pool, Function<Progress, Situation> situation, Group waiting) {
    return Failover.next(situation.apply(pool.progress()), clock.instant())
        .equals(new Decision.Start(waiting));
  }

  private boolean start(
      PoolRecord pool,
      Situation situation,
      Group waiting,
      BooleanSupplier isStillToStart,
      Pauses pauses) {
    FailoverPolicy policy = situation.policy();
    Instant now = clock.instant();
    boolean whole = policy.onGidChange() == GidChangeAction.EVICT_GROUP;
    Optional<PodGroups.PodGroup> found =
        whole
            ? groups.of(waiting.pod())
            : Optional.of(new PodGroups.PodGroup(waiting.pod().uid(), List.of(waiting.pod())));
    if (found.isEmpty()) {
      // Its assignment goes, too.
      pauses.pause(waiting.uid(), "", Optional.empty(), now);
      return true;
    }
    PodGroups.PodGroup group = found.get();
    List<PodRef> leaving = leaving(situation, group);
    Optional<String> obstacle = obstacle(pool.progress(), group, leaving);
    if (obstacle.isPresent()) {
      pauses.pause(waiting.uid(), obstacle.get(), Optional.empty(), now);
      return true;
    }
    // Of one pod, too: nothing is charged for one that others delete, or that cannot be evicted.
    for (PodRef pod : group.pods()) {
      switch (api.evict(pod, true)) {
        case EvictionApi.Outcome.Refused refused -> {
          refused(waiting, pod, refused);
          pauses.pause(waiting.uid(), refused.reason(), refused.retryAfter(), now);
          return true;
        }
        case EvictionApi.Outcome.Gone(), EvictionApi.Outcome.Leaving()
            when pod.equals(waiting.pod()) -> {
          pauses.pause(waiting.uid(), "", Optional.empty(), now);
          return true;
        }
        case EvictionApi.Outcome.Gone(),
            EvictionApi.Outcome.Leaving(),
            EvictionApi.Outcome.Evicted() -> {
          // One that went meanwhile takes nothing.
        }
      }
    }
    if (!isStillToStart.getAsBoolean()) {
      return true;
    }
    if (policy.dryRun()) {
      tell(
          new Notice(
              Notice.Kind.WOULD_EVICT,
              waiting.pod(),
              waiting.since(),
              "would be evicted%s, had pool %s not said dryRun"
                  .formatted(withOthers(group.pods().size() - 1), situation.pool())));
      return pool.write(pool.progress().wouldEvict(waiting.uid()));
    }
    Optional<Instant> spent = clusterBudget.charge(waiting.key(), now);
    if (spent.isPresent()) {
      pauses.pauseUntil(waiting.uid(), "ClusterBudget", spent.get());
      return true;
    }
    Budget.Window charged = situation.budget().charge(situation.progress().window(), now);
    return pool.write(
        pool.progress().started(waiting, group.uid(), group.pods(), leaving, charged));
  }

  private static String withOthers(int pods) {
    return switch (pods) {
      case 0 -> "";
      case 1 -> ", with one other pod of its group";
      default -> ", with " + pods + " other pods of its group";
    };
  }

  /**
   * The pods that were evicted when the group was started before, and are not gone: for as long as
   * they take, on a node that is dead for ever, they are not begun with anew, and hold up none of
   * those that came in their place.
   */
  private static List<PodRef> leaving(Situation situation, PodGroups.PodGroup group) {
    Set<String> there =
        situation.pods().stream().map(pod -> pod.pod().uid()).collect(Collectors.toSet());
    return situation.progress().group(group.uid()).stream()
        .flatMap(before -> before.members().stream())
        .filter(member -> member.evicted() && there.contains(member.pod().uid()))
        .map(Group.Member::pod)
        .filter(pod -> !group.pods().contains(pod))
        .toList();
  }

  private static Optional<String> obstacle(
      Progress progress, PodGroups.PodGroup group, List<PodRef> leaving) {
    int evicting =
        progress.groups().stream()
            .filter(some -> some.phase() == Group.Phase.EVICTING)
            .mapToInt(some -> some.members().size())
            .sum();
    if (group.pods().size() > MOST_PODS) {
      return Optional.of("GroupTooLarge");
    }
    boolean busy =
        group.pods().size() + leaving.size() > MOST_PODS
            || progress
                .group(group.uid())
                .filter(some -> some.phase() == Group.Phase.EVICTING)
                .filter(some -> !some.remaining().isEmpty())
                .isPresent();
    return busy || evicting + group.pods().size() > MOST_PODS_AT_A_TIME
        ? Optional.of("GroupBusy")
        : Optional.empty();
  }

  /** Asks for all of them, whatever becomes of the first: what was started is finished. */
  private boolean evict(PoolRecord pool, Group started, Pauses pauses) {
    Set<PodRef> done = new HashSet<>();
    int asked = 0;
    int most = Math.max(BATCH, Math.ceilDiv(started.members().size(), WRITES));
    Optional<EvictionApi.Outcome.Refused> first = Optional.empty();
    for (PodRef pod : started.remaining()) {
      switch (api.evict(pod, false)) {
        case EvictionApi.Outcome.Evicted() -> {
          tell(
              new Notice(
                  Notice.Kind.EVICTED,
                  pod,
                  started.since(),
                  "evicted, as a GID is not what %s was started with"
                      .formatted(pod.equals(started.pod()) ? "the pod" : "a pod of its group")));
          done.add(pod);
        }
        case EvictionApi.Outcome.Gone(), EvictionApi.Outcome.Leaving() -> done.add(pod);
        case EvictionApi.Outcome.Refused refused -> {
          refused(started, pod, refused);
          first = first.or(() -> Optional.of(refused));
        }
      }
      asked++;
      if (done.size() < most) {
        if (asked % BATCH == 0 && !pool.stands()) {
          return false;
        }
      } else {
        if (!pool.write(pool.progress().evicted(started.uid(), done))) {
          return false;
        }
        done.clear();
      }
    }
    first.ifPresent(refused ->
        pauses.pause(started.uid(), refused.reason(), refused.retryAfter(), clock.instant()));
    return done.isEmpty() || pool.write(pool.progress().evicted(started.uid(), done));
  }

  /**
   * Of each group that waits, once a process: one that ended after it wrote the group down has said
   * nothing, and what was said has the same name. Before it is written down, each try of a write
   * that meets another's would be told, with a time of its own.
   */
  private void tellPlanned(Situation now) {
    Set<String> told = planned.getOrDefault(now.pool(), Set.of());
    Set<String> waiting = new HashSet<>();
    for (Notice notice : Failover.planned(now)) {
      String key = notice.pod().uid() + "@" + notice.since();
      waiting.add(key);
      if (!told.contains(key)) {
        tell(notice);
      }
    }
    if (waiting.isEmpty()) {
      planned.remove(now.pool());
    } else {
      planned.put(now.pool(), waiting);
    }
  }

  private void refused(Group group, PodRef pod, EvictionApi.Outcome.Refused refused) {
    tell(new Notice(Notice.Kind.BLOCKED, pod, group.since(), refused.message()));
  }

  private void tell(Notice notice) {
    LOG.atInfo()
        .addKeyValue("pod", notice.pod())
        .addKeyValue("reason", notice.kind().text())
        .addKeyValue("message", notice.message())
        .log("failover");
    api.tell(notice);
  }
}
