package io.rdmagid.deviceplugin.pace;

import java.time.Duration;

/** Does things later, one after another, on a thread of its own. Any thread may ask. */
@FunctionalInterface
public interface Later {
  /** Has a step done once the pause is over, unless whatever does it has ended before. */
  void in(Duration pause, Runnable step);
}
