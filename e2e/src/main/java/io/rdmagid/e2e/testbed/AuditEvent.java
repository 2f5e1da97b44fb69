package io.rdmagid.e2e.testbed;

import java.time.Instant;

/**
 * A write that reached an API server, from its audit log.
 *
 * @param time when the server received it
 * @param subresource empty when it was to the object itself
 * @param code of the answer, 0 when there was none
 */
public record AuditEvent(
    Instant time,
    String user,
    String verb,
    String resource,
    String name,
    String subresource,
    int code) {

  public boolean accepted() {
    return code >= 200 && code < 300;
  }
}
