package io.rdmagid.e2e.testbed;

import org.jspecify.annotations.Nullable;

/** What the testbed could not do; the message is one that a person can act on. */
public final class TestbedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public TestbedException(String message) {
    super(message);
  }

  public TestbedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
