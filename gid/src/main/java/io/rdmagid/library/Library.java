package io.rdmagid.library;

import java.util.Map;
import java.util.Optional;

/** A library that chooses a GID index where nobody tells it one. */
public sealed interface Library extends ToldLibrary permits Mooncake, Nccl, Nvshmem, Perftest, Ucx {
  /** The version whose code is simulated. */
  String version();

  /**
   * The index that the library takes on a port that is ACTIVE.
   *
   * @param environment the variables that the library sees, by name; an empty value is not the same
   *     as none
   */
  Pick pick(GidTable table, Map<String, String> environment);

  @Override
  default Optional<Pick> takes(GidTable table, Map<String, String> told) {
    return Optional.of(pick(table, told));
  }

  /** Whether the library takes the entry chosen on this port, whose table is given. */
  default boolean landsOn(ChosenPort port, GidTable table, Map<String, String> environment) {
    return port.isTakenBy(pick(table, environment));
  }
}
