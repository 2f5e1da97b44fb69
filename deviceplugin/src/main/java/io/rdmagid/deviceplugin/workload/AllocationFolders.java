package io.rdmagid.deviceplugin.workload;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The folders that containers see at {@code /run/rdmagid/<pool>/}. A set of files is swapped as
 * one; the folder itself is never replaced, since containers have it mounted. Called by one thread.
 */
public interface AllocationFolders {
  /** The folder of an allocation, there or not. */
  Path folder(String hash);

  /** Whether the folder is there. */
  boolean exists(String hash);

  /**
   * The hashes of the folders that are there.
   *
   * @throws java.io.UncheckedIOException if the disk does not tell
   */
  Set<String> hashes();

  /** The hash of the allocation whose folder this is; empty for any other path. */
  Optional<String> hashOf(Path folder);

  /** The hashes of our folders among a container's mounts, each once. */
  default List<String> hashesOf(ContainerSpec container) {
    return container.mountSources().stream()
        .map(this::hashOf)
        .flatMap(Optional::stream)
        .distinct()
        .toList();
  }

  /**
   * Makes the folder if it is missing, and gives it this set in place of the former. Where that
   * cannot be done the folder is left without any set.
   *
   * @param files contents by name
   * @throws java.io.UncheckedIOException if the disk refuses
   */
  void swap(String hash, Map<String, String> files);

  /**
   * Takes the set out of a folder, which needs no room on the disk. One that is not there is fine.
   *
   * @throws java.io.UncheckedIOException if the disk refuses
   */
  void withdraw(String hash);

  /** Removes a folder; one that is not there is fine. */
  void remove(String hash);
}
