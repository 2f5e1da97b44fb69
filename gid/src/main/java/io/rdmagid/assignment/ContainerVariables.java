package io.rdmagid.assignment;

import java.util.List;
import java.util.Locale;

/**
 * The variables of a container, which nobody can change once it is created.
 *
 * @param injected the names of those that rdmagid added
 * @param outdated the names of those of them that hold something else than the container's files
 *     say now
 * @param kept the names of those that the pod or its image sets, and that decide what its libraries
 *     take or how its ports are named: they win
 */
public record ContainerVariables(List<String> injected, List<String> outdated, List<String> kept) {
  /** None of any kind. */
  public static final ContainerVariables NONE =
      new ContainerVariables(List.of(), List.of(), List.of());

  public ContainerVariables {
    injected = List.copyOf(injected);
    outdated = List.copyOf(outdated);
    kept = List.copyOf(kept);
  }

  /**
   * How the names of the variables begin by which a container names its ports of a pool: the number
   * of the port follows, from 0, and {@code _GID_INDEX} and others.
   *
   * @param pool a DNS label, so its hyphens become underscores
   */
  public static String prefix(String pool) {
    return "RDMAGID_" + pool.toUpperCase(Locale.ROOT).replace('-', '_') + "_";
  }
}
