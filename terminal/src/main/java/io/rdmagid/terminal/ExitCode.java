package io.rdmagid.terminal;

/** How the command ends. */
public final class ExitCode {
  /** What was asked for is there; of a check: nothing is wrong. */
  public static final int FOUND = 0;

  /** Nothing matches; of a check: something is wrong. */
  public static final int NOTHING = 1;

  /** The command line, or a file that it names, is wrong. */
  public static final int USAGE = 2;

  /** The system, or the cluster, refused. */
  public static final int REFUSED = 3;

  private ExitCode() {}
}
