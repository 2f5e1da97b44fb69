package io.rdmagid.deviceplugin.workload;

import java.util.Map;
import java.util.OptionalLong;

/** The agent's answer to a container that is about to be made. */
public sealed interface Adjustment {
  /** The container is none of ours. */
  record None() implements Adjustment {}

  /**
   * What the container gets in addition.
   *
   * @param variables names that do not stand in its environment yet
   * @param memlockBytes for RLIMIT_MEMLOCK, soft and hard; -1 is no limit, empty leaves it as it is
   */
  record Add(Map<String, String> variables, OptionalLong memlockBytes) implements Adjustment {
    public Add {
      variables = Map.copyOf(variables);
    }
  }

  /**
   * The container must not be made.
   *
   * @param why of several obstacles the first
   * @param reason one sentence for the pod's events, without a full stop
   */
  record Refuse(Obstacle why, String reason) implements Adjustment {}
}
