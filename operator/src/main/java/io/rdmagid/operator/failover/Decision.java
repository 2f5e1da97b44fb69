package io.rdmagid.operator.failover;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The one thing to do next. */
public sealed interface Decision {
  /**
   * Nothing, unless something changes.
   *
   * @param until when to decide again; empty for never
   */
  record Wait(Optional<Instant> until) implements Decision {}

  /**
   * To write down what changed: pods that began to wait or recovered, groups that are done or held
   * up.
   *
   * @param notices to tell first, each of what is written down already
   */
  record Write(Progress next, List<Notice> notices) implements Decision {
    public Write {
      notices = List.copyOf(notices);
    }
  }

  /**
   * To start with a pod whose grace period is over: to ask for its group, to ask the server whether
   * all may be evicted, to charge the budgets and to write it down as started; unless the pool says
   * dryRun.
   */
  record Start(Group waiting) implements Decision {}

  /** To evict what remains of a group that was started. */
  record Evict(Group started) implements Decision {}
}
