package io.rdmagid.library;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** A library that chooses a GID index where nobody tells it one. */
public sealed interface Library permits Mooncake, Nccl, Nvshmem, Perftest, Ucx {
  /** The name in API objects and for people, such as {@code nccl}. */
  String name();

  /** The version whose code is simulated. */
  String version();

  /**
   * The index that the library takes on a port that is ACTIVE.
   *
   * @param environment the variables that the library sees, by name; an empty value is not the same
   *     as none
   */
  Pick pick(GidTable table, Map<String, String> environment);

  /**
   * The variables by which the library uses these ports and, as far as it can be told, takes the
   * entries chosen: one index where one is right on all, else what its own choice goes by. Whether
   * it lands there, {@link #landsOn} says.
   *
   * @param ports at least one
   * @return never an empty value; nothing for a library that reads no variables
   */
  SortedMap<String, String> emit(List<ChosenPort> ports);

  /** Whether the library takes the entry chosen on this port, whose table is given. */
  default boolean landsOn(ChosenPort port, GidTable table, Map<String, String> environment) {
    return port.isTakenBy(pick(table, environment));
  }
}
