package io.rdmagid.operator.pool;

import io.rdmagid.gid.GidEntry;
import io.rdmagid.operator.fact.PublishedPort;
import io.rdmagid.pool.PortFacts;
import java.util.List;
import java.util.Set;

/** Ports for tests. */
final class PublishedPorts {
  private PublishedPorts() {}

  /**
   * Port 1 of a device of mlx5_core.
   *
   * @param unusable the indices of the entries that no program can use now
   */
  static PublishedPort port(
      String node,
      String device,
      String linkLayer,
      boolean active,
      Set<Integer> unusable,
      List<GidEntry> entries) {
    return new PublishedPort(
        new PortFacts(
            node,
            device,
            1,
            linkLayer,
            "mlx5_core",
            "",
            "",
            "",
            "",
            -1,
            "ens0",
            0,
            100,
            active,
            entries),
        0,
        unusable,
        false,
        Set.of(),
        List.of());
  }
}
