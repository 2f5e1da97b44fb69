package io.rdmagid.deviceplugin.inventory;

import io.rdmagid.deviceplugin.inventory.InventoryChange.Entry;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The difference of two inventories: what somebody who held the first has to learn to hold the
 * second.
 *
 * @param changes by device and port; empty if there are none
 * @param eventAt when the first event that led to the second reached the agent
 * @param readAt when the second was read
 */
public record InventoryDiff(List<InventoryChange> changes, Instant eventAt, Instant readAt) {
  public InventoryDiff {
    changes = List.copyOf(changes);
  }

  /** The difference with its times. */
  public static InventoryDiff of(
      Inventory before, Inventory after, Instant eventAt, Instant readAt) {
    return new InventoryDiff(between(before, after), eventAt, readAt);
  }

  /** The changes alone that lead from {@code before} to {@code after}. */
  public static List<InventoryChange> between(Inventory before, Inventory after) {
    Comparison comparison = new Comparison();
    comparison.devices(before, after);
    return List.copyOf(comparison.changes);
  }

  /** One comparison, with what it has found. */
  private static final class Comparison {
    private final List<InventoryChange> changes = new ArrayList<>();

    void devices(Inventory before, Inventory after) {
      Map<String, Device> old = byKey(before.devices(), Device::name);
      Map<String, Device> young = byKey(after.devices(), Device::name);
      Map<String, UnreadDevice> oldUnread = byKey(before.unreadDevices(), UnreadDevice::name);
      Map<String, UnreadDevice> unread = byKey(after.unreadDevices(), UnreadDevice::name);
      for (String name :
          keysOfAll(old.keySet(), young.keySet(), oldUnread.keySet(), unread.keySet())) {
        Device from = old.get(name);
        Device to = young.get(name);
        UnreadDevice cannotBeRead = unread.get(name);
        if (to != null) {
          if (from == null) {
            changes.add(new InventoryChange.DeviceAdded(name));
          } else {
            device(from, to);
          }
        } else if (cannotBeRead == null) {
          changes.add(new InventoryChange.DeviceRemoved(name));
        } else if (!cannotBeRead.equals(oldUnread.get(name))) {
          changes.add(new InventoryChange.DeviceUnread(name, cannotBeRead.reason()));
        }
      }
    }

    private void device(Device before, Device after) {
      String device = after.name();
      int whole = InventoryChange.AttributesChanged.DEVICE;
      attributes(device, whole, before.attributes(), after.attributes());
      attributes(device, whole, before.uverbs(), after.uverbs());
      Map<Integer, Port> old = byKey(before.ports(), Port::number);
      Map<Integer, Port> young = byKey(after.ports(), Port::number);
      attributes(device, whole, "ports " + old.keySet(), "ports " + young.keySet());
      for (Port to : after.ports()) {
        Port from = old.get(to.number());
        if (from != null) {
          port(device, from, to);
        }
      }
    }

    private void port(String device, Port before, Port after) {
      int port = after.number();
      attributes(device, port, before.attributes(), after.attributes());
      attributes(device, port, "netdev " + before.netdev(), "netdev " + after.netdev());
      table(device, port, false, before.gids(), after.gids());
      attributes(device, port, unusable(before), unusable(after));
      table(device, port, true, before.podGids(), after.podGids());
    }

    private static String unusable(Port port) {
      return "unusable now " + new TreeSet<>(port.unusable());
    }

    private void table(
        String device,
        int port,
        boolean otherNamespace,
        List<GidEntry> before,
        List<GidEntry> after) {
      Map<Identity, SequencedMap<Integer, GidEntry>> old = byIdentity(before);
      Map<Identity, SequencedMap<Integer, GidEntry>> young = byIdentity(after);
      for (Identity id : keysOfAll(old.keySet(), young.keySet())) {
        entries(
            new Entry(device, port, id.gid, id.type, id.ifindex, otherNamespace),
            old.getOrDefault(id, new TreeMap<>()),
            young.getOrDefault(id, new TreeMap<>()));
      }
    }

    /**
     * Entries of one identity, by index. The kernel keeps one of each in a namespace; of others it
     * may not be known which namespace, and then several look the same: those that stay are left
     * out, and the rest is paired by index.
     */
    private void entries(
        Entry entry,
        SequencedMap<Integer, GidEntry> before,
        SequencedMap<Integer, GidEntry> after) {
      for (Map.Entry<Integer, GidEntry> from : before.entrySet()) {
        GidEntry stayed = after.get(from.getKey());
        if (stayed != null) {
          renamed(entry, from.getValue(), stayed);
        }
      }
      List<GidEntry> gone = without(before, after);
      List<GidEntry> come = without(after, before);
      int moved = Math.min(gone.size(), come.size());
      for (int i = 0; i < moved; i++) {
        changes.add(
            new InventoryChange.EntryMoved(entry, gone.get(i).index(), come.get(i).index()));
        renamed(entry, gone.get(i), come.get(i));
      }
      for (GidEntry left : gone.subList(moved, gone.size())) {
        changes.add(new InventoryChange.EntryRemoved(entry, left.index()));
      }
      for (GidEntry added : come.subList(moved, come.size())) {
        changes.add(new InventoryChange.EntryAdded(entry, added.index()));
      }
    }

    /** The kernel keeps the entries of a netdev that gets another name. */
    private void renamed(Entry entry, GidEntry before, GidEntry after) {
      String slot = "index " + after.index() + " on ";
      attributes(entry.device(), entry.port(), slot + before.netdev(), slot + after.netdev());
    }

    private void attributes(String device, int port, Object before, Object after) {
      if (!before.equals(after)) {
        changes.add(
            new InventoryChange.AttributesChanged(
                device, port, before.toString(), after.toString()));
      }
    }
  }

  /**
   * What stays the same when an entry moves to another slot; the kernel keeps it unique in a
   * network namespace (core/cache.c).
   *
   * @param netdev where the entry has no number of it
   */
  private record Identity(Gid gid, GidType type, int ifindex, String netdev)
      implements Comparable<Identity> {
    static Identity of(GidEntry entry) {
      return new Identity(
          entry.gid(), entry.type(), entry.ifindex(), entry.ifindex() == 0 ? entry.netdev() : "");
    }

    @Override
    public int compareTo(Identity other) {
      int byGid = gid.compareTo(other.gid);
      if (byGid != 0) {
        return byGid;
      }
      int byType = type.compareTo(other.type);
      if (byType != 0) {
        return byType;
      }
      int byIfindex = Integer.compare(ifindex, other.ifindex);
      return byIfindex != 0 ? byIfindex : netdev.compareTo(other.netdev);
    }
  }

  private static Map<Identity, SequencedMap<Integer, GidEntry>> byIdentity(List<GidEntry> entries) {
    Map<Identity, SequencedMap<Integer, GidEntry>> result = new TreeMap<>();
    for (GidEntry entry : entries) {
      result.computeIfAbsent(Identity.of(entry), _ -> new TreeMap<>()).put(entry.index(), entry);
    }
    return result;
  }

  private static List<GidEntry> without(
      SequencedMap<Integer, GidEntry> entries, Map<Integer, GidEntry> others) {
    return entries.values().stream().filter(entry -> !others.containsKey(entry.index())).toList();
  }

  private static <K extends Comparable<K>, V> Map<K, V> byKey(
      Collection<V> values, Function<V, K> key) {
    return values.stream()
        .collect(Collectors.toMap(key, Function.identity(), (a, _) -> a, TreeMap::new));
  }

  @SafeVarargs
  private static <K extends Comparable<K>> Collection<K> keysOfAll(Collection<K>... keys) {
    TreeSet<K> all = new TreeSet<>();
    for (Collection<K> some : keys) {
      all.addAll(some);
    }
    return all;
  }
}
