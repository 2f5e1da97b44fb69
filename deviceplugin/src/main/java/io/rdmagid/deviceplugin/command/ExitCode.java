package io.rdmagid.deviceplugin.command;

/** How the command ends. */
final class ExitCode {
  static final int FOUND = 0;
  static final int NOTHING = 1;
  static final int USAGE = 2;
  static final int REFUSED = 3;

  private ExitCode() {}
}
