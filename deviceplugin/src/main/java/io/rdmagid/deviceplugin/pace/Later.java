package io.rdmagid.deviceplugin.pace;

import java.time.Duration;
import java.util.concurrent.Future;

/** Does things later, one after another, on a thread of its own. Any thread may ask. */
@FunctionalInterface
public interface Later {
  /**
   * Has a step done once the pause is over, unless whatever does it has ended before.
   *
   * @return cancels it, where it has not begun
   */
  Future<?> in(Duration pause, Runnable step);
}
