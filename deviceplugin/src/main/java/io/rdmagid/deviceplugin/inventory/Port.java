package io.rdmagid.deviceplugin.inventory;

import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidRule;
import io.rdmagid.gid.GidSelection;
import io.rdmagid.gid.GidSelector;
import io.rdmagid.library.GidTable;
import io.rdmagid.library.Library;
import io.rdmagid.library.Pick;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A port with the part of its GID table that belongs to the agent's network namespace.
 *
 * @param number from 1
 * @param netdev the port's network device: that of the filled slot with the lowest index, which is
 *     the default GID; empty where no entry has one here
 * @param gids by index, ascending
 * @param podGids the entries of other network namespaces, so of pods, by index, ascending; their
 *     ifindex and netdev are a number and a name there, of which one may not be known
 * @param unusable the slots among {@code gids} whose address no program can use now, as {@link
 *     Link#unusable} has it
 */
public record Port(
    int number,
    PortAttributes attributes,
    String netdev,
    List<GidEntry> gids,
    List<GidEntry> podGids,
    Set<Integer> unusable) {
  public Port {
    gids = List.copyOf(gids);
    podGids = List.copyOf(podGids);
    unusable = Set.copyOf(unusable);
  }

  /** A port of which all addresses can be used, as far as is known. */
  public Port(
      int number,
      PortAttributes attributes,
      String netdev,
      List<GidEntry> gids,
      List<GidEntry> podGids) {
    this(number, attributes, netdev, gids, podGids, Set.of());
  }

  /** The entry that a program of the agent's network namespace should use without a rule. */
  public GidSelection preferred() {
    return ofUsable(GidSelector::select);
  }

  /** The entry that a program of the agent's network namespace should use by this rule. */
  public GidSelection selection(GidRule rule) {
    return ofUsable(entries -> GidSelector.select(entries, rule));
  }

  private GidSelection ofUsable(Function<List<GidEntry>, GidSelection> select) {
    GidSelection ofUsable =
        select.apply(gids.stream().filter(entry -> !unusable.contains(entry.index())).toList());
    if (!(ofUsable instanceof GidSelection.NoMatch)) {
      return ofUsable;
    }
    GidSelection ofAll = select.apply(gids);
    return ofAll instanceof GidSelection.NoMatch
        ? ofAll
        : new GidSelection.NoMatch(GidSelection.Reason.NO_USABLE_ADDRESS, List.of());
  }

  /** How many entries belong to other network namespaces. */
  public int podGidCount() {
    return podGids.size();
  }

  /** The slots whose entries belong to other network namespaces. */
  public Set<Integer> elsewhere() {
    return podGids.stream().map(GidEntry::index).collect(Collectors.toSet());
  }

  /** The whole table, whatever namespace an entry belongs to. */
  public List<GidEntry> table() {
    return Stream.concat(gids.stream(), podGids.stream())
        .sorted(Comparator.comparingInt(GidEntry::index))
        .toList();
  }

  /**
   * The port's table as libraries see it, which tell no namespaces apart. Whether the kernel grants
   * an address handle is taken for granted.
   */
  public GidTable asLibrariesSeeIt() {
    List<GidEntry> table = table();
    // A table is never shorter than its entries, whatever a driver says.
    int least = table.isEmpty() ? 0 : table.getLast().index() + 1;
    return new GidTable(
        attributes.linkLayer().equals(PortAttributes.INFINIBAND),
        Math.max(attributes.gidTableLength(), least),
        table,
        Set.of());
  }

  /**
   * What libraries make of the port, in their order. All of them leave out a port that is not
   * ACTIVE.
   *
   * @param environment the variables that they see
   */
  public SequencedMap<Library, Pick> picks(
      List<Library> libraries, Map<String, String> environment) {
    return picks(asLibrariesSeeIt(), libraries, environment);
  }

  /**
   * The same where the table is at hand.
   *
   * @param table what {@link #asLibrariesSeeIt} gave
   */
  public SequencedMap<Library, Pick> picks(
      GidTable table, List<Library> libraries, Map<String, String> environment) {
    SequencedMap<Library, Pick> picks = new LinkedHashMap<>();
    for (Library library : libraries) {
      picks.put(
          library,
          attributes.active()
              ? library.pick(table, environment)
              : new Pick.None("the port is " + attributes.state()));
    }
    return picks;
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
    Set<Integer> unusable = new HashSet<>();
    // By name only where an entry asks for it: a reading with numbers needs no such index.
    Map<String, Link> byName =
        entries.stream().anyMatch(entry -> entry.hasNetdev() && entry.ifindex() == 0)
            ? links.values().stream()
                .collect(Collectors.toMap(Link::name, Function.identity(), (first, _) -> first))
            : Map.of();
    for (PortEntry entry : entries) {
      Optional<Link> link =
          Optional.ofNullable(
                  entry.ifindex() != 0 ? links.get(entry.ifindex()) : byName.get(entry.netdev()))
              .filter(candidate -> candidate.holds(entry.gid()));
      if (!entry.hasNetdev()) {
        here.add(new GidEntry(entry.index(), entry.gid(), entry.type(), 0, ""));
      } else if (link.isPresent()) {
        here.add(
            new GidEntry(
                entry.index(), entry.gid(), entry.type(), link.get().ifindex(), link.get().name()));
        if (link.get().unusable().contains(entry.gid())) {
          unusable.add(entry.index());
        }
      } else {
        elsewhere.add(
            new GidEntry(
                entry.index(), entry.gid(), entry.type(), entry.ifindex(), entry.netdev()));
      }
    }
    return sorted(number, attributes, here, elsewhere, unusable);
  }

  /**
   * The same where nobody knows the links: all entries count as being of this network namespace.
   *
   * @param entries of this port only, in any order
   */
  public static Port ofHere(int number, PortAttributes attributes, Collection<PortEntry> entries) {
    List<GidEntry> here =
        entries.stream()
            .map(entry ->
                new GidEntry(
                    entry.index(), entry.gid(), entry.type(), entry.ifindex(), entry.netdev()))
            .toList();
    return sorted(number, attributes, here, List.of(), Set.of());
  }

  private static Port sorted(
      int number,
      PortAttributes attributes,
      List<GidEntry> here,
      List<GidEntry> elsewhere,
      Set<Integer> unusable) {
    Comparator<GidEntry> byIndex = Comparator.comparingInt(GidEntry::index);
    List<GidEntry> gids = here.stream().sorted(byIndex).toList();
    return new Port(
        number,
        attributes,
        netdevOf(gids),
        gids,
        elsewhere.stream().sorted(byIndex).toList(),
        unusable);
  }

  /** The netdev of the first entry that has one; empty where none has. */
  static String netdevOf(List<GidEntry> byIndex) {
    return byIndex.stream()
        .map(GidEntry::netdev)
        .filter(name -> !name.isEmpty())
        .findFirst()
        .orElse("");
  }
}
