package io.rdmagid.deviceplugin.command;

import io.rdmagid.terminal.JarVersion;

/** The version of {@code rdmagid}. */
final class Version extends JarVersion {
  Version() {
    super("rdmagid", "rdmagid-deviceplugin");
  }
}
