package io.rdmagid.library;

import java.util.Map;

/** A library that chooses a GID index where nobody tells it one. */
public sealed interface Library permits Mooncake, Nccl, Nvshmem, Perftest, Ucx {
  /** The name in API objects and for people, such as {@code nccl}. */
  String name();

  /**
   * The index that the library takes on a port that is ACTIVE.
   *
   * @param environment the variables that the library sees, by name; an empty value is not the same
   *     as none
   */
  Pick pick(GidTable table, Map<String, String> environment);
}
