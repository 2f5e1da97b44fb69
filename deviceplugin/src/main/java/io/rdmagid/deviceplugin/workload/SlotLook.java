package io.rdmagid.deviceplugin.workload;

import io.rdmagid.assignment.GidChoice;

/**
 * Looks at one slot of a port's table as the kernel has it now: a reading may be a moment old, and
 * what a container is made with stays. Called by the workload's thread only.
 */
@FunctionalInterface
public interface SlotLook {
  /** Whether the slot has what was read of it; true where nobody can tell. */
  boolean has(HeldPort port, GidChoice choice);
}
