package io.rdmagid.operator.failover;

import io.rdmagid.operator.failover.Group.Phase;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides what to do next for one pool. Pure.
 *
 * <p>A broken pod waits out the grace period; it is forgotten when it recovers, when its node no
 * longer reports, and while the breaker is open. What was started is another matter: a single pod
 * that recovers is left alone even then, several are finished, since a group of which some are gone
 * is of no use, whatever became of the port. Only a pool that no longer says so ends that.
 */
public final class Failover {
  /** Groups of a pool at a time: what its status can hold. The rest is seen later. */
  static final int MOST_GROUPS = 64;

  private static final String POOL_BUDGET = "PoolBudget";

  private final Situation situation;
  private final Instant now;
  private final SequencedMap<String, HeldPod> pods = new LinkedHashMap<>();
  private final List<Notice> notices = new ArrayList<>();
  private @Nullable Instant next;

  private Failover(Situation situation, Instant now) {
    this.situation = situation;
    this.now = now;
    situation.pods().stream()
        .sorted(Comparator.comparing(pod -> pod.pod().uid()))
        .forEach(pod -> pods.put(pod.pod().uid(), pod));
  }

  /** The decision; the same for the same. */
  public static Decision next(Situation situation, Instant now) {
    return new Failover(situation, now).decide();
  }

  /**
   * What there is to tell of the pods that wait, for as long as they do: the same for the same
   * group, whoever tells it.
   */
  public static List<Notice> planned(Situation situation) {
    if (!situation.policy().acts() || situation.progress().groups().isEmpty()) {
      return List.of();
    }
    Set<PodRef> there =
        situation.pods().stream().map(HeldPod::pod).collect(Collectors.toUnmodifiableSet());
    return situation.progress().groups().stream()
        .filter(group -> group.phase() == Phase.WAITING && group.cancellation().isEmpty())
        .filter(group -> there.contains(group.pod()))
        .map(group ->
            new Notice(
                Notice.Kind.PLANNED,
                group.pod(),
                group.since(),
                "since %s a GID of pool %s is not what the pod was started with; %s %d s later unless that changes"
                    .formatted(
                        group.since().truncatedTo(ChronoUnit.SECONDS),
                        situation.pool(),
                        situation.policy().dryRun() ? "it would be evicted" : "it is evicted",
                        situation.policy().gracePeriod().toSeconds())))
        .toList();
  }

  private Decision decide() {
    Progress tidy = situation.progress().with(tidy());
    if (!tidy.equals(situation.progress())) {
      return new Decision.Write(tidy, notices);
    }
    for (Group group : tidy.groups()) {
      Optional<Decision> decision =
          switch (group.phase()) {
            case EVICTING -> goOn(group);
            case WAITING, WOULD_EVICT -> Optional.empty();
          };
      if (decision.isPresent()) {
        return decision.get();
      }
    }
    List<Group> waiting =
        tidy.groups().stream()
            .filter(group -> group.phase() == Phase.WAITING)
            .sorted(Comparator.comparing(Group::since).thenComparing(Group::uid))
            .toList();
    for (Group group : waiting) {
      Optional<Decision> decision = start(group);
      if (decision.isPresent()) {
        return decision.get();
      }
    }
    return new Decision.Wait(Optional.ofNullable(next));
  }

  private Optional<Decision> goOn(Group group) {
    if (group.remaining().isEmpty() || isHeld(group)) {
      return Optional.empty();
    }
    Optional<Situation.Pause> pause = pause(group);
    return pause.isPresent()
        ? heldUp(group, pause.get().reason())
        : Optional.of(new Decision.Evict(group));
  }

  /** A single pod's eviction rests on facts; that of several on some being gone already. */
  private boolean isHeld(Group group) {
    HeldPod pod = pods.get(group.pod().uid());
    return group.members().size() == 1
        && (situation.breakerOpen() || pod == null || !situation.isBroken(pod));
  }

  private Optional<Decision> start(Group group) {
    Instant due = group.since().plus(situation.policy().gracePeriod());
    if (now.isBefore(due)) {
      wakeAt(due);
      return Optional.empty();
    }
    Optional<Situation.Pause> pause = pause(group);
    if (pause.isPresent()) {
      return heldUp(group, pause.get().reason());
    }
    Optional<Instant> spent =
        situation.policy().dryRun()
            ? Optional.empty()
            : situation.budget().spentUntil(situation.progress().window(), now);
    if (spent.isPresent()) {
      wakeAt(spent.get());
      return heldUp(group, POOL_BUDGET);
    }
    return Optional.of(new Decision.Start(group));
  }

  private Optional<Situation.Pause> pause(Group group) {
    Optional<Situation.Pause> pause =
        Optional.ofNullable(situation.pauses().get(group.uid()))
            .filter(some -> now.isBefore(some.until()));
    pause.ifPresent(some -> wakeAt(some.until()));
    return pause;
  }

  /** To be written where it is not. */
  private Optional<Decision> heldUp(Group group, String reason) {
    return group.reason().equals(reason)
        ? Optional.empty()
        : Optional.of(
            new Decision.Write(situation.progress().heldUp(group.uid(), reason), List.of()));
  }

  private void wakeAt(Instant time) {
    next = next == null || time.isBefore(next) ? time : next;
  }

  /** The groups as they should be by what is known now. */
  private List<Group> tidy() {
    List<Group> groups = new ArrayList<>();
    for (Group group : situation.progress().groups()) {
      kept(group).ifPresent(groups::add);
    }
    Map<String, Group> ofPod = new HashMap<>();
    groups.forEach(group -> {
      if (group.phase() == Phase.EVICTING) {
        group.members().forEach(member -> ofPod.put(member.pod().uid(), group));
      }
    });
    groups.removeIf(
        group -> group.phase() != Phase.EVICTING && ofPod.containsKey(group.pod().uid()));
    groups.forEach(
        group -> group.members().forEach(member -> ofPod.put(member.pod().uid(), group)));
    if (situation.policy().acts() && !situation.breakerOpen()) {
      for (HeldPod pod : pods.values()) {
        if (groups.size() < MOST_GROUPS
            && situation.isBroken(pod)
            && !ofPod.containsKey(pod.pod().uid())) {
          groups.add(Group.waiting(pod.pod(), now));
        }
      }
    }
    return groups;
  }

  /** The group as it stays; empty where it ends. */
  private Optional<Group> kept(Group group) {
    Optional<Cancellation> decided = group.cancellation();
    if (decided.isPresent()) {
      group
          .remaining()
          .forEach(pod ->
              notices.add(
                  new Notice(
                      Notice.Kind.CANCELLED,
                      pod,
                      group.since(),
                      decided.get().message(Optional.ofNullable(pods.get(pod.uid()))))));
      return Optional.empty();
    }
    return switch (group.phase()) {
      case WAITING, WOULD_EVICT -> keptWaiting(group);
      case EVICTING -> keptEvicting(group);
    };
  }

  private Optional<Group> keptWaiting(Group group) {
    HeldPod pod = pods.get(group.pod().uid());
    if (pod == null) {
      return Optional.empty();
    }
    if (!situation.policy().acts()) {
      return Optional.of(group.cancelled(Cancellation.POOL_DOES_NOT_EVICT));
    }
    if (!situation.isReporting(pod)) {
      return Optional.of(group.cancelled(Cancellation.AGENT_NOT_READY));
    }
    if (situation.breakerOpen()) {
      return Optional.of(group.cancelled(Cancellation.BREAKER_OPEN));
    }
    if (!situation.isBroken(pod)) {
      return Optional.of(group.cancelled(Cancellation.RECOVERED));
    }
    return Optional.of(
        group.phase() == Phase.WOULD_EVICT && !situation.policy().dryRun()
            ? group.in(Phase.WAITING)
            : group);
  }

  private Optional<Group> keptEvicting(Group group) {
    if (!situation.policy().acts() || situation.policy().dryRun()) {
      return group.remaining().isEmpty()
          ? Optional.empty()
          : Optional.of(group.cancelled(Cancellation.POOL_DOES_NOT_EVICT));
    }
    boolean assigned =
        group.members().stream().anyMatch(member -> pods.containsKey(member.pod().uid()));
    if (group.remaining().isEmpty()) {
      // Until its pods are gone it keeps them from beginning anew.
      return assigned ? Optional.of(group) : Optional.empty();
    }
    if (group.members().size() > 1) {
      return Optional.of(group);
    }
    HeldPod pod = pods.get(group.pod().uid());
    if (pod == null) {
      return Optional.empty();
    }
    return situation.isReporting(pod) && !situation.isBroken(pod)
        ? Optional.of(group.cancelled(Cancellation.RECOVERED))
        : Optional.of(group);
  }
}
