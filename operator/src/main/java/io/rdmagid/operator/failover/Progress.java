package io.rdmagid.operator.failover;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * How far the evictions of a pool are: all that an operator needs to go on where another stopped.
 *
 * @param window in which evictions are counted; empty before the first
 * @param groups one a uid
 */
public record Progress(Optional<Budget.Window> window, List<Group> groups) {
  /** Nothing was ever done. */
  public static final Progress NONE = new Progress(Optional.empty(), List.of());

  public Progress {
    groups = List.copyOf(groups);
  }

  /** The group of that uid. */
  public Optional<Group> group(String uid) {
    return groups.stream().filter(group -> group.uid().equals(uid)).findFirst();
  }

  /** Says what holds a group up. */
  public Progress heldUp(String uid, String reason) {
    return change(uid, group -> group.heldUpBy(reason));
  }

  /** Says that a group would be evicted. */
  public Progress wouldEvict(String uid) {
    return change(uid, group -> group.in(Group.Phase.WOULD_EVICT));
  }

  /**
   * Says that a group is being evicted: to be written before the first of its pods is.
   *
   * @param waiting the group as it waited
   * @param uid that it has now; a group that has it already is a part of this one
   * @param pods of it that are to be evicted, at least one
   * @param leaving those of the group before that are evicted and not gone yet
   * @param charged the window with this one counted
   */
  public Progress started(
      Group waiting, String uid, List<PodRef> pods, List<PodRef> leaving, Budget.Window charged) {
    List<Group.Member> members = new ArrayList<>();
    pods.forEach(pod -> members.add(new Group.Member(pod, false)));
    leaving.forEach(pod -> members.add(new Group.Member(pod, true)));
    Group started = new Group(uid, Group.Phase.EVICTING, waiting.since(), "", members);
    List<Group> next = new ArrayList<>(groups);
    next.removeIf(group ->
        group.uid().equals(waiting.uid())
            || group.uid().equals(uid)
            || (group.phase() != Group.Phase.EVICTING && started.has(group.pod().uid())));
    next.add(started);
    return new Progress(Optional.of(charged), next);
  }

  /** Says which pods of a group were evicted or are gone: to be written after. */
  public Progress evicted(String uid, Set<PodRef> pods) {
    return change(uid, group -> group.without(pods));
  }

  Progress with(List<Group> next) {
    return new Progress(window, next);
  }

  private Progress change(String uid, UnaryOperator<Group> next) {
    return with(
        groups.stream().map(group -> group.uid().equals(uid) ? next.apply(group) : group).toList());
  }
}
