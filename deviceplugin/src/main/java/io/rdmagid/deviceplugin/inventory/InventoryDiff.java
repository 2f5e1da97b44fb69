package io.rdmagid.deviceplugin.inventory;

import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The difference of two inventories: what somebody who held the first has to learn to hold the
 * second.
 */
public final class InventoryDiff {
  private final List<InventoryChange> changes = new ArrayList<>();

  private InventoryDiff() {}

  /**
   * The changes that lead from {@code before} to {@code after}, by device and port; empty if there
   * are none.
   */
  public static List<InventoryChange> between(Inventory before, Inventory after) {
    InventoryDiff diff = new InventoryDiff();
    Map<String, Device> old = byKey(before.devices(), Device::name);
    Map<String, Device> young = byKey(after.devices(), Device::name);
    for (String name : keysOfBoth(old, young)) {
      Device from = old.get(name);
      Device to = young.get(name);
      if (from == null) {
        diff.changes.add(new InventoryChange.DeviceAdded(name));
      } else if (to == null) {
        diff.changes.add(
            after.unread().contains(name)
                ? new InventoryChange.DeviceUnread(name)
                : new InventoryChange.DeviceRemoved(name));
      } else {
        diff.device(from, to);
      }
    }
    return List.copyOf(diff.changes);
  }

  private void device(Device before, Device after) {
    String device = after.name();
    attributes(
        device, InventoryChange.AttributesChanged.DEVICE, before.attributes(), after.attributes());
    attributes(device, InventoryChange.AttributesChanged.DEVICE, before.uverbs(), after.uverbs());
    Map<Integer, Port> old = byKey(before.ports(), Port::number);
    Map<Integer, Port> young = byKey(after.ports(), Port::number);
    if (!old.keySet().equals(young.keySet())) {
      attributes(
          device,
          InventoryChange.AttributesChanged.DEVICE,
          "ports " + old.keySet(),
          "ports " + young.keySet());
    }
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
    attributes(device, port, "pod GIDs " + before.podGidCount(), "pod GIDs " + after.podGidCount());
    Map<Identity, GidEntry> old = byKey(before.gids(), Identity::of);
    Map<Identity, GidEntry> young = byKey(after.gids(), Identity::of);
    for (Identity id : keysOfBoth(old, young)) {
      GidEntry from = old.get(id);
      GidEntry to = young.get(id);
      if (from == null && to != null) {
        changes.add(
            new InventoryChange.EntryAdded(device, port, id.gid, id.type, id.ifindex, to.index()));
      } else if (from != null && to == null) {
        changes.add(
            new InventoryChange.EntryRemoved(
                device, port, id.gid, id.type, id.ifindex, from.index()));
      } else if (from != null && to != null && from.index() != to.index()) {
        changes.add(
            new InventoryChange.EntryMoved(
                device, port, id.gid, id.type, id.ifindex, from.index(), to.index()));
      }
    }
  }

  private void attributes(String device, int port, Object before, Object after) {
    if (!before.equals(after)) {
      changes.add(
          new InventoryChange.AttributesChanged(device, port, before.toString(), after.toString()));
    }
  }

  /**
   * What stays the same when an entry moves to another slot; the kernel keeps it unique
   * (core/cache.c).
   */
  private record Identity(Gid gid, GidType type, int ifindex) implements Comparable<Identity> {
    static Identity of(GidEntry entry) {
      return new Identity(entry.gid(), entry.type(), entry.ifindex());
    }

    @Override
    public int compareTo(Identity other) {
      int byGid = gid.compareTo(other.gid);
      if (byGid != 0) {
        return byGid;
      }
      int byType = type.compareTo(other.type);
      return byType != 0 ? byType : Integer.compare(ifindex, other.ifindex);
    }
  }

  private static <K extends Comparable<K>, V> Map<K, V> byKey(
      Collection<V> values, Function<V, K> key) {
    return values.stream()
        .collect(Collectors.toMap(key, Function.identity(), (a, _) -> a, TreeMap::new));
  }

  private static <K extends Comparable<K>> Collection<K> keysOfBoth(
      Map<K, ?> one, Map<K, ?> other) {
    TreeSet<K> keys = new TreeSet<>(one.keySet());
    keys.addAll(other.keySet());
    return keys;
  }
}
