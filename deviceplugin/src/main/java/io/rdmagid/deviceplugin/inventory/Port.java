package io.rdmagid.deviceplugin.inventory;

import io.rdmagid.gid.GidEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A port with the part of its GID table that belongs to the agent's network namespace.
 *
 * @param number from 1
 * @param netdev the port's network device: that of the filled slot with the lowest index, which is
 *     the default GID; empty where no entry has one here
 * @param gids by index, ascending
 * @param podGids the entries of other network namespaces, so of pods, by index, ascending; their
 *     ifindex is a number there, and their netdev has no name here
 */
public record Port(
    int number,
    PortAttributes attributes,
    String netdev,
    List<GidEntry> gids,
    List<GidEntry> podGids) {
  public Port {
    gids = List.copyOf(gids);
    podGids = List.copyOf(podGids);
  }

  /** How many entries belong to other network namespaces. */
  public int podGidCount() {
    return podGids.size();
  }

  /** The whole table, whatever namespace an entry belongs to. */
  public List<GidEntry> table() {
    return Stream.concat(gids.stream(), podGids.stream())
        .sorted(Comparator.comparingInt(GidEntry::index))
        .toList();
  }

  /**
   * Sorts what the kernel gave for one port into the entries of this network namespace and those of
   * others.
   *
   * @param entries of this port only, in any order
   * @param links of the agent's network namespace, by ifindex
   */
  public static Port of(
      int number,
      PortAttributes attributes,
      Collection<PortEntry> entries,
      Map<Integer, Link> links) {
    List<GidEntry> here = new ArrayList<>();
    List<GidEntry> elsewhere = new ArrayList<>();
    for (PortEntry entry : entries) {
      Link link = links.get(entry.ifindex());
      if (entry.ifindex() == 0) {
        here.add(new GidEntry(entry.index(), entry.gid(), entry.type(), 0, ""));
      } else if (link != null && link.holds(entry.gid())) {
        here.add(
            new GidEntry(entry.index(), entry.gid(), entry.type(), link.ifindex(), link.name()));
      } else {
        elsewhere.add(new GidEntry(entry.index(), entry.gid(), entry.type(), entry.ifindex(), ""));
      }
    }
    here.sort(Comparator.comparingInt(GidEntry::index));
    elsewhere.sort(Comparator.comparingInt(GidEntry::index));
    String netdev =
        here.stream().map(GidEntry::netdev).filter(name -> !name.isEmpty()).findFirst().orElse("");
    return new Port(number, attributes, netdev, here, elsewhere);
  }
}
