package io.rdmagid.deviceplugin.workload;

/** Takes that a container was refused. Called by the workload's thread; must not block. */
@FunctionalInterface
public interface Refusals {
  /** A container was not made, for this reason. */
  void refused(Obstacle why);
}
