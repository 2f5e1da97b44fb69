package io.rdmagid.library;

import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One port's GID table as a library sees it. Immutable.
 *
 * <p>A library asks by {@code ibv_query_gid}, which gives a zero GID for an empty slot, and by
 * {@code gid_attrs/types} in sysfs, which gives an error for one.
 */
public final class GidTable {
  private static final Gid ZERO = new Gid(0, 0);

  private final boolean infiniBand;
  private final int length;
  private final SortedMap<Integer, GidEntry> entries = new TreeMap<>();
  private final Set<Integer> failingHandles;

  /**
   * A table.
   *
   * @param infiniBand whether the port's link layer is InfiniBand
   * @param length how many slots the table has
   * @param entries the filled slots, in any order
   * @param failingHandles slots for which the kernel refuses an address handle ({@code
   *     ibv_create_ah}), where that was tried
   * @throws IllegalArgumentException if two entries have one index, or one is outside the table
   */
  public GidTable(
      boolean infiniBand, int length, Collection<GidEntry> entries, Set<Integer> failingHandles) {
    this.infiniBand = infiniBand;
    this.length = length;
    this.failingHandles = Set.copyOf(failingHandles);
    for (GidEntry entry : entries) {
      if (entry.index() >= length || this.entries.put(entry.index(), entry) != null) {
        throw new IllegalArgumentException(
            "slot " + entry.index() + " stands twice, or outside a table of " + length);
      }
    }
  }

  boolean infiniBand() {
    return infiniBand;
  }

  int length() {
    return length;
  }

  /** The filled slots by index. */
  Stream<GidEntry> entries() {
    return entries.values().stream();
  }

  /**
   * The filled slots and, of the empty ones but slot 0, the first, by index. What a walk makes of
   * the others it has made of that one: they hold the same, and tables have a thousand of them.
   */
  List<Integer> distinguishable() {
    int empty = 1;
    while (entries.containsKey(empty)) {
      empty++;
    }
    List<Integer> slots = new ArrayList<>(entries.keySet());
    if (empty < length) {
      slots.add(~Collections.binarySearch(slots, empty), empty);
    }
    return slots;
  }

  /** The entry of a slot; empty for an empty one, or one outside the table. */
  Optional<GidEntry> at(int index) {
    return Optional.ofNullable(entries.get(index));
  }

  /** The GID of a slot as {@code ibv_query_gid} gives it. */
  Gid gidAt(int index) {
    return at(index).map(GidEntry::gid).orElse(ZERO);
  }

  boolean hasHandle(int index) {
    return !failingHandles.contains(index);
  }
}
