package io.rdmagid.operator.failover;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Pods that are evicted together, or may be.
 *
 * @param uid what they are a group by; that of the pod until the group is asked for
 * @param since when the pod that it began with was seen to be broken
 * @param reason what holds it up, or the word of the {@link Cancellation} that it is given up for;
 *     empty where nothing does
 * @param members at least one; the only one unless the phase is evicting
 */
public record Group(String uid, Phase phase, Instant since, String reason, List<Member> members) {
  /** How far it is. */
  public enum Phase {
    /** Its pod is broken and may recover yet. */
    WAITING("Waiting"),
    /** Its pod would have been evicted, had the pool not said dryRun. */
    WOULD_EVICT("WouldEvict"),
    /** It is counted against the budgets, and any of its pods may be evicted already. */
    EVICTING("Evicting");

    private final String text;

    Phase(String text) {
      this.text = text;
    }

    /** The word used in API objects. */
    public String text() {
      return text;
    }

    /** The phase written as {@code text}. */
    public static Optional<Phase> fromText(String text) {
      return Arrays.stream(values()).filter(phase -> phase.text.equals(text)).findFirst();
    }
  }

  /**
   * A pod of a group.
   *
   * @param evicted whether it was, or is gone
   */
  public record Member(PodRef pod, boolean evicted) {}

  public Group {
    members = List.copyOf(members);
    if (members.isEmpty()) {
      throw new IllegalArgumentException("group " + uid + " has no pods");
    }
  }

  static Group waiting(PodRef pod, Instant since) {
    return new Group(pod.uid(), Phase.WAITING, since, "", List.of(new Member(pod, false)));
  }

  /** The pod that it began with; any of them where it is evicted. */
  public PodRef pod() {
    return members.getFirst().pod();
  }

  /** What tells this attempt from others, before and after the group is asked for. */
  public String key() {
    return pod().uid() + "@" + since;
  }

  /** The pods that are yet to be evicted. */
  public List<PodRef> remaining() {
    return members.stream().filter(member -> !member.evicted()).map(Member::pod).toList();
  }

  /** Why it is given up; empty where it is not. */
  Optional<Cancellation> cancellation() {
    return Cancellation.fromText(reason);
  }

  Group cancelled(Cancellation why) {
    return heldUpBy(why.text());
  }

  boolean has(String podUid) {
    return members.stream().anyMatch(member -> member.pod().uid().equals(podUid));
  }

  Group in(Phase next) {
    return new Group(uid, next, since, "", members);
  }

  Group heldUpBy(String why) {
    return new Group(uid, phase, since, why, members);
  }

  Group without(Set<PodRef> pods) {
    return new Group(
        uid,
        phase,
        since,
        "",
        members.stream()
            .map(
                member -> new Member(member.pod(), member.evicted() || pods.contains(member.pod())))
            .toList());
  }
}
