package io.rdmagid.e2e.node;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Values of the chart that a class's agents run with, other than the usual ones. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface ChartValues {
  /**
   * Without NRI, and devices not held: one installation for what has nothing to do with the other.
   */
  String WITHOUT_NRI = "agent.containerHook=pre-start";

  /** With {@link #WITHOUT_NRI}. */
  String NOT_HELD = "agent.holdDevices=false";

  /** Each as {@code agent.holdDevices=false}. */
  String[] value();
}
