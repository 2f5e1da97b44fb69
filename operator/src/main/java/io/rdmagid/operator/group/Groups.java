package io.rdmagid.operator.group;

import io.fabric8.kubernetes.api.model.Condition;
import io.rdmagid.api.condition.ConditionStatus;
import io.rdmagid.operator.fact.ClusterFacts;
import io.rdmagid.operator.job.GroupKey;
import io.rdmagid.pool.PortRef;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of the cluster with their members, made anew by each process from what is watched. A
 * verdict counts when it has stood: pods of a job get their indices one after the other, and what
 * moves on many nodes does so within seconds. A large job is judged now and then only, whatever
 * changes of it. Safe for use by any thread.
 */
final class Groups {
  /** How long a verdict stands before it counts. */
  static final Duration SETTLE = Duration.ofSeconds(10);

  /** How often to ask whether all members are known, and the shortest of timers. */
  private static final Duration UNTIL_COMPLETE = Duration.ofSeconds(1);

  /**
   * Between two judgements of a job, for each of its members: all seats of all members are looked
   * at, under the lock, and of a job of thousands each member that comes, or whose port changes, is
   * a change of the whole. It is several times what a judgement takes of eight ports a pod.
   */
  static final Duration PACE = Duration.ofMillis(1);

  /** A pace as short as that is none: a job of up to a hundred is judged at each change. */
  private static final Duration NEGLIGIBLE = Duration.ofMillis(100);

  private final ClusterFacts facts;
  private final Clock clock;
  private final BooleanSupplier complete;
  private final Function<List<Seat>, Verdict> judge;
  private final Map<GroupKey, Group> groups = new HashMap<>();
  private final Map<String, GroupKey> groupOf = new HashMap<>();

  /** A job. */
  private static final class Group {
    private final Map<String, Member> members = new TreeMap<>();
    private boolean changed;
    private Instant judged = Instant.MIN;
    private @Nullable Verdict newest;
    private Instant since = Instant.EPOCH;
    private @Nullable Verdict settled;
    private @Nullable Telling telling;
  }

  /**
   * What is to be told of a job once.
   *
   * @param about the pod that the Event is about
   * @param occasion tells it from the same said before and after; the same however often it is
   *     tried
   */
  record Telling(GroupKey group, Verdict verdict, Member about, String occasion) {}

  /**
   * What a member is to do.
   *
   * @param verdict what it is to show; empty where nothing counts yet
   * @param telling what is not told yet; call {@link #told} when it is
   * @param again when to look again if nothing happens until then
   * @param others the keys of the members that are to be looked at, too
   */
  record Look(
      Optional<Verdict> verdict,
      Optional<Telling> telling,
      Optional<Duration> again,
      List<String> others) {
    Look {
      others = List.copyOf(others);
    }
  }

  /**
   * No jobs.
   *
   * @param complete whether all assignments that are known have joined, or are of no job: before, a
   *     verdict would be on a part of the job. Asked until it is true
   * @param judge {@link Verdict#of}
   */
  Groups(
      ClusterFacts facts,
      Clock clock,
      BooleanSupplier complete,
      Function<List<Seat>, Verdict> judge) {
    this.facts = facts;
    this.clock = clock;
    this.complete = complete;
    this.judge = judge;
  }

  /**
   * A member is there, as it is now.
   *
   * @param key of its assignment, {@code namespace/name}
   */
  synchronized Look join(GroupKey job, String key, Member member) {
    List<String> others = new ArrayList<>();
    if (!job.equals(groupOf.get(key))) {
      // Another pod of the name, of another job.
      others.addAll(leave(key));
      groupOf.put(key, job);
    }
    Group group = groups.computeIfAbsent(job, _ -> new Group());
    Member before = group.members.put(key, member);
    group.changed |= before == null || !before.ports().equals(member.ports());
    Instant now = clock.instant();
    if (group.changed && untilJudged(group, now).isZero()) {
      decide(group, now);
    }
    boolean settles = !group.changed && isDue(group, now) && complete.getAsBoolean();
    if (settles) {
      group.settled = group.newest;
      group.telling = telling(job, group);
      group.members.keySet().stream().filter(other -> !other.equals(key)).forEach(others::add);
    }
    return new Look(
        Optional.ofNullable(group.settled),
        Optional.ofNullable(group.telling),
        again(group, now),
        others);
  }

  /** How long until the job may be judged again, zero for now. */
  private static Duration untilJudged(Group group, Instant now) {
    Duration pace = pace(group);
    Duration since = group.judged.equals(Instant.MIN) ? pace : Duration.between(group.judged, now);
    // A clock that was set back is no reason to wait.
    return since.isNegative() || since.compareTo(pace) >= 0 ? Duration.ZERO : pace.minus(since);
  }

  private static Duration pace(Group group) {
    Duration pace = PACE.multipliedBy(group.members.size());
    return pace.compareTo(NEGLIGIBLE) <= 0 ? Duration.ZERO : pace;
  }

  private void decide(Group group, Instant now) {
    group.changed = false;
    group.judged = now;
    List<Seat> seats =
        group.members.values().stream().flatMap(member -> member.seats(facts).stream()).toList();
    // Before anybody has an index nobody knows; afterwards what was said stands.
    Verdict verdict = seats.isEmpty() ? group.settled : judge.apply(seats);
    if (!Objects.equals(verdict, group.newest)) {
      group.newest = verdict;
      group.since = now;
    }
  }

  private static boolean isUnsettled(Group group) {
    return group.newest != null && !group.newest.equals(group.settled);
  }

  private static boolean isDue(Group group, Instant now) {
    return isUnsettled(group) && !group.since.plus(SETTLE).isAfter(now);
  }

  private static Optional<Duration> again(Group group, Instant now) {
    if (group.changed) {
      return Optional.of(atLeast(UNTIL_COMPLETE, untilJudged(group, now)));
    }
    if (!isUnsettled(group)) {
      return Optional.empty();
    }
    // Of a large job all members ask.
    return Optional.of(
        atLeast(
            atLeast(UNTIL_COMPLETE, pace(group)), Duration.between(now, group.since.plus(SETTLE))));
  }

  private static Duration atLeast(Duration least, Duration other) {
    return other.compareTo(least) < 0 ? least : other;
  }

  /**
   * Whether a verdict is news is told by what the members show, so that an operator that starts
   * anew does not tell it again.
   */
  private static @Nullable Telling telling(GroupKey job, Group group) {
    Verdict verdict = Objects.requireNonNull(group.settled);
    Collection<Member> members = group.members.values();
    boolean news =
        verdict.isConsistent()
            ? members.stream().anyMatch(Groups::showsFalse)
            : members.stream()
                .noneMatch(member ->
                    showsFalse(member)
                        && verdict
                            .message()
                            .equals(Objects.requireNonNull(member.shown()).getMessage()));
    if (!news) {
      return null;
    }
    Predicate<Member> about =
        verdict.isConsistent()
            ? Groups::showsFalse
            : member -> verdict.oddPod().equals(Optional.of(member.pod()));
    return members.stream()
        .filter(about)
        .findFirst()
        .map(member -> new Telling(job, verdict, member, lastTransition(members)))
        .orElse(null);
  }

  private static boolean showsFalse(Member member) {
    return member.shown() != null
        && ConditionStatus.FALSE.text().equals(member.shown().getStatus());
  }

  private static String lastTransition(Collection<Member> members) {
    String last = "";
    for (Member member : members) {
      Condition shown = member.shown();
      if (shown != null
          && shown.getLastTransitionTime() != null
          && shown.getLastTransitionTime().compareTo(last) > 0) {
        last = shown.getLastTransitionTime();
      }
    }
    return last;
  }

  /** The Event is written. */
  synchronized void told(Telling telling) {
    Group group = groups.get(telling.group());
    if (group != null && telling.equals(group.telling)) {
      group.telling = null;
    }
  }

  /**
   * A member is gone, or is of no job.
   *
   * @return the key of a member of its job that is to be looked at, at most one
   */
  synchronized List<String> leave(String key) {
    GroupKey job = groupOf.remove(key);
    if (job == null) {
      return List.of();
    }
    Group group = Objects.requireNonNull(groups.get(job));
    group.members.remove(key);
    group.changed = true;
    if (group.members.isEmpty()) {
      groups.remove(job);
    }
    return group.members.keySet().stream().limit(1).toList();
  }

  /** What is known of a port has changed: the keys of members to look at, one a job. */
  synchronized List<String> portChanged(PortRef port) {
    return changed(held -> held.port().equals(port));
  }

  /** The rule of a pool has changed: the keys of members to look at, one a job. */
  synchronized List<String> ruleChanged(String pool) {
    return changed(held -> held.pool().equals(pool));
  }

  private List<String> changed(Predicate<Member.Held> concerns) {
    return groups.values().stream()
        .filter(group ->
            group.members.values().stream()
                .anyMatch(member -> member.ports().stream().anyMatch(concerns)))
        .map(group -> {
          group.changed = true;
          return group.members.keySet().iterator().next();
        })
        .toList();
  }
}
