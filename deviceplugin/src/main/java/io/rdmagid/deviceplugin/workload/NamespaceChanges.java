package io.rdmagid.deviceplugin.workload;

import java.nio.file.Path;
import java.util.Optional;

/** Tells that network namespaces change. Called by the workload's thread only. */
@FunctionalInterface
public interface NamespaceChanges {
  /**
   * Begins to listen; a namespace that is gone tells nothing.
   *
   * @param namespace a file to enter it by; empty for the host's
   * @param changed is called by any thread after each change of a link or an address, and once for
   *     what changed before anybody listened
   * @return ends it; until it was run the namespace lives, whatever becomes of its pod
   */
  Runnable listen(Optional<Path> namespace, Runnable changed);
}
