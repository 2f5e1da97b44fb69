package io.rdmagid.api.v1alpha1;

import io.rdmagid.assignment.Assignment;
import java.util.List;

/** What {@link AssignmentMapping#parse} makes of an {@link RdmaGidAssignment}. */
public sealed interface ParsedAssignment {
  /** All of the object is understood. */
  record Valid(Assignment assignment) implements ParsedAssignment {}

  /**
   * Something of the object is missing, contradictory, or of a version this one does not know.
   *
   * @param problems all of them, at least one
   */
  record Invalid(List<Parsed.Problem> problems) implements ParsedAssignment {
    public Invalid {
      problems = List.copyOf(problems);
    }
  }
}
