package io.rdmagid.deviceplugin.nri;

import io.rdmagid.deviceplugin.pace.Doubling;
import io.rdmagid.deviceplugin.pace.Jitter;
import java.time.Duration;
import java.util.Optional;

/**
 * How long to wait before the next connection. Each one takes the runtime's node-wide lock, which
 * stalls every pod start while some sandbox is slow to stop: so once at once, then with doubling
 * pauses.
 *
 * @param first after the first attempt that failed
 * @param longest at most, but for a random fifth on top
 */
record ReconnectPauses(Duration first, Duration longest) {
  static final ReconnectPauses USUAL =
      new ReconnectPauses(Duration.ofSeconds(1), Duration.ofSeconds(30));

  /**
   * How many attempts have failed in a row once another has ended. A connection that is lost right
   * after it was synchronized counts: again and again, it would be an endless loop.
   *
   * @param before attempts that had failed
   * @param synchronizedFor how long the runtime was synchronized; empty if it never was
   */
  int failures(int before, Optional<Duration> synchronizedFor) {
    if (synchronizedFor.isEmpty()) {
      return before + 1;
    }
    return synchronizedFor.get().compareTo(first) < 0 ? 1 : 0;
  }

  /**
   * The pause.
   *
   * @param failures attempts that failed one after the other, from 0: no pause
   */
  Duration after(int failures) {
    if (failures == 0) {
      return Duration.ZERO;
    }
    return Jitter.random().lengthen(new Doubling(first, longest).after(failures - 1));
  }
}
