package io.rdmagid.e2e.testbed;

/**
 * What a command left behind.
 *
 * @param exit its exit status; 124 when it was not done in time, 255 from a node also when the node
 *     did not answer
 */
public record Output(int exit, String out, String err) {

  public boolean ok() {
    return exit == 0;
  }

  /** What it printed, if it succeeded; else an exception with all of this in it. */
  public String orThrow(String what) {
    if (exit != 0) {
      throw new TestbedException(
          "%s: exit %d%n%s%s".formatted(what, exit, out, err).stripTrailing());
    }
    return out;
  }
}
