package io.rdmagid.kubectl;

import io.rdmagid.terminal.JarVersion;

/** The version of the plugin. */
final class Version extends JarVersion {
  Version() {
    super("kubectl-rdmagid", "rdmagid-kubectl");
  }
}
