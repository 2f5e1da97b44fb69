package io.rdmagid.deviceplugin.cri;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Decides by what the agent hears of containers. A runtime that answers by CRI while nobody has
 * been listening at its NRI socket for {@link #PATIENCE} has no NRI: one process serves both, so
 * while it restarts neither is there, and nothing is decided. It has NRI as soon as it has
 * synchronised by it; a socket that takes connections and ends them decides nothing. A runtime gets
 * or loses NRI only when it is started again with another configuration, so nothing goes back and
 * forth by itself. Not thread-safe; without threads and clocks. Times are {@link
 * System#nanoTime}'s.
 */
final class HookChoice {
  /** A runtime that starts makes its sockets one after the other. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final HookWish wish;
  private @Nullable ContainerHook hook;

  /** Since when nobody has been listening at NRI's socket. */
  private @Nullable Long nobodySince;

  /** What is wished is so from the start; AUTO begins with neither. */
  HookChoice(HookWish wish) {
    this.wish = wish;
    this.hook =
        switch (wish) {
          case AUTO -> null;
          case NRI -> ContainerHook.NRI;
          case PRE_START -> ContainerHook.PRE_START;
        };
  }

  /** Empty until it is known whether the runtime has NRI. */
  Optional<ContainerHook> hook() {
    return Optional.ofNullable(hook);
  }

  /** Nobody listens at NRI's socket, or there is none. Returns whether that is new. */
  boolean nobodyAtNri(long now) {
    boolean fresh = nobodySince == null;
    if (fresh) {
      nobodySince = now;
    }
    return fresh;
  }

  /** Somebody listens at NRI's socket. */
  void somebodyAtNri() {
    nobodySince = null;
  }

  /** The runtime has told by NRI what it has. */
  void nriSynchronized() {
    nobodySince = null;
    if (wish == HookWish.AUTO) {
      hook = ContainerHook.NRI;
    }
  }

  /** The nanoseconds until CRI is to be asked whether the runtime is there at all. */
  OptionalLong criDueIn(long now) {
    return wish != HookWish.AUTO || nobodySince == null || hook == ContainerHook.PRE_START
        ? OptionalLong.empty()
        : OptionalLong.of(Math.max(0, PATIENCE.toNanos() - (now - nobodySince)));
  }

  /** The runtime answers by CRI; counts where it was due. */
  void criAnswers(long now) {
    if (criDueIn(now).equals(OptionalLong.of(0))) {
      hook = ContainerHook.PRE_START;
    }
  }
}
