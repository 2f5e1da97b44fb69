package io.rdmagid.operator.pool;

import io.rdmagid.gid.GidEntry;
import io.rdmagid.operator.fact.PublishedPort;
import io.rdmagid.pool.PortFacts;
import java.util.Comparator;

/**
 * What of a port decides on pools. At which indices its entries stand does not: most changes of a
 * fleet are moves, after which every pool is as it was.
 *
 * @param shown by which a pool has the port, its entries all at index 0, in an order of their own
 * @param usable by which a rule is chosen and served, its entries likewise
 */
record Deciding(PortFacts shown, PortFacts usable) {
  private static final Comparator<GidEntry> ORDER =
      Comparator.comparing(GidEntry::gid)
          .thenComparing(GidEntry::type)
          .thenComparingInt(GidEntry::ifindex)
          .thenComparing(GidEntry::netdev);

  static Deciding of(PublishedPort port) {
    return new Deciding(anywhere(port.facts()), anywhere(port.usableFacts()));
  }

  private static PortFacts anywhere(PortFacts port) {
    return port.withGids(port.gids().stream().map(Deciding::anywhere).sorted(ORDER).toList());
  }

  private static GidEntry anywhere(GidEntry entry) {
    return new GidEntry(0, entry.gid(), entry.type(), entry.ifindex(), entry.netdev());
  }
}
