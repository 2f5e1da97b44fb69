package io.rdmagid.pool;

import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;
import java.util.ArrayList;
import java.util.List;

/** Ports for tests. */
final class Ports {
  private Ports() {}

  static PortFacts port(String node, String device, int port, GidEntry... gids) {
    return facts(node, device, port, PortFacts.ETHERNET, "", gids);
  }

  static PortFacts infiniBand(String node, String device, int port) {
    return facts(node, device, port, PortFacts.INFINIBAND, "");
  }

  static PortFacts atPci(String device, int port, String pciAddress) {
    return facts("n", device, port, PortFacts.ETHERNET, pciAddress);
  }

  private static PortFacts facts(
      String node, String device, int port, String linkLayer, String pciAddress, GidEntry... gids) {
    return new PortFacts(
        node,
        device,
        port,
        linkLayer,
        "mlx5_core",
        "15b3",
        "101d",
        pciAddress,
        "",
        -1,
        "ens1f0",
        1,
        100,
        true,
        List.of(gids));
  }

  /** Entries with indices in the order given. */
  static GidEntry[] table(Object... gidsAndTypes) {
    List<GidEntry> entries = new ArrayList<>();
    for (int i = 0; i < gidsAndTypes.length; i += 2) {
      entries.add(
          new GidEntry(
              i / 2,
              Gid.parse((String) gidsAndTypes[i]),
              (GidType) gidsAndTypes[i + 1],
              2,
              "ens1f0"));
    }
    return entries.toArray(GidEntry[]::new);
  }
}
