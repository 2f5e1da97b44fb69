package io.rdmagid.e2e.node;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Values of the chart that a class's agents run with, other than the usual ones. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface ChartValues {
  /** Each as {@code agent.holdDevices=false}. */
  String[] value();
}
