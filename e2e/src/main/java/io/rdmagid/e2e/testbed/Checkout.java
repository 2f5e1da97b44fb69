package io.rdmagid.e2e.testbed;

import java.nio.file.Path;

/** The checkout that this code was compiled in. */
public final class Checkout {
  private Checkout() {}

  /** Its top folder. */
  public static Path root() {
    return Artefacts.e2e().resolveSibling("").normalize();
  }
}
