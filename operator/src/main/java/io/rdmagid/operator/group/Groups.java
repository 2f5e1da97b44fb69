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
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of the cluster with their members, made anew by each process from what is watched. A
 * verdict counts when it has stood: pods of a job get their indices one after the other, and what
 * moves on many nodes does so within seconds. Safe for use by any thread.
 */
final class Groups {
  /** How long a verdict stands before it counts. */
  static final Duration SETTLE = Duration.ofSeconds(10);

  /** How often to ask whether all members are known. */
  private static final Duration UNTIL_COMPLETE = Duration.ofSeconds(1);

  private final ClusterFacts facts;
  private final Clock clock;
  private final BooleanSupplier complete;
  private final Map<GroupKey, Group> groups = new HashMap<>();
  private final Map<String, GroupKey> groupOf = new HashMap<>();

  /** A job. */
  private static final class Group {
    private final Map<String, Member> members = new TreeMap<>();
    private boolean changed;
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
   */
  Groups(ClusterFacts facts, Clock clock, BooleanSupplier complete) {
    this.facts = facts;
    this.clock = clock;
    this.complete = complete;
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
    if (group.changed) {
      decide(group, now);
    }
    boolean settles = isDue(group, now) && complete.getAsBoolean();
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

  private void decide(Group group, Instant now) {
    group.changed = false;
    List<Seat> seats =
        group.members.values().stream().flatMap(member -> member.seats(facts).stream()).toList();
    // Before anybody has an index nobody knows; afterwards what was said stands.
    Verdict verdict = seats.isEmpty() ? group.settled : Verdict.of(seats);
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
    if (!isUnsettled(group)) {
      return Optional.empty();
    }
    Duration left = Duration.between(now, group.since.plus(SETTLE));
    return Optional.of(left.compareTo(UNTIL_COMPLETE) < 0 ? UNTIL_COMPLETE : left);
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
