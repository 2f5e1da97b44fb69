package io.rdmagid.operator.pool;

import io.rdmagid.gid.GidEntry;
import io.rdmagid.operator.fact.PublishedPort;
import io.rdmagid.pool.PortFacts;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What of a port decides on pools. At which indices its entries stand does not: most changes of a
 * fleet are moves, after which every pool is as it was.
 *
 * @param shown by which a pool has the port, its entries in an order of their own
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
    List<GidEntry> entries = port.gids().stream().sorted(ORDER).toList();
    return port.withGids(
        IntStream.range(0, entries.size())
            .mapToObj(index -> at(index, entries.get(index)))
            .toList());
  }

  private static GidEntry at(int index, GidEntry entry) {
    return new GidEntry(index, entry.gid(), entry.type(), entry.ifindex(), entry.netdev());
  }
}
