package io.rdmagid.deviceplugin.workload;

import io.rdmagid.assignment.Assignment;

/** Takes what pods hold, for the record of it. Must not block. */
@FunctionalInterface
public interface AssignmentReports {
  /** All that the pod holds now, in place of what was said of it before. */
  void holds(Assignment assignment);
}
