package io.rdmagid.deviceplugin.workload;

import io.rdmagid.deviceplugin.inventory.NamespaceLook;
import java.nio.file.Path;
import java.util.Optional;

/** Looks into network namespaces. Called by the workload's thread only. */
@FunctionalInterface
public interface NamespaceFacts {
  /**
   * What is in a namespace now.
   *
   * @param namespace a file to enter it by; empty for the host's
   */
  NamespaceLook look(Optional<Path> namespace);
}
