package io.rdmagid.kubectl.snapshot;

import io.rdmagid.api.v1alpha1.Parsed.Problem;
import java.util.List;

/**
 * An object that is not understood, as one that a later version wrote.
 *
 * @param kind such as RdmaGid
 * @param namespace empty for an object of no namespace
 * @param problems all that is not understood, at least one
 */
public record Unreadable(String kind, String namespace, String name, List<Problem> problems) {
  public Unreadable {
    problems = List.copyOf(problems);
  }
}
