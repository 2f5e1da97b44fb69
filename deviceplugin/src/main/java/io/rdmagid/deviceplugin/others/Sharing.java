package io.rdmagid.deviceplugin.others;

import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.workload.PoolOffer;
import io.rdmagid.deviceplugin.workload.PoolOffer.OfferedDevice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An RDMA device that a pool of this node offers and that somebody else hands out, too.
 *
 * @param pools that have a port of it
 */
record Sharing(String device, Set<String> pools, Giver giver) {
  Sharing {
    pools = Set.copyOf(pools);
  }

  /**
   * All of them, in the order of givers and devices. A node whose device nobody has read, or that
   * no pool offers, is nobody's business here.
   *
   * @param given by name of the device node ("uverbs0"), to whom it belongs by the inventory of now
   */
  static List<Sharing> of(
      Inventory inventory, List<PoolOffer> offers, Map<Giver, Set<String>> given) {
    if (given.isEmpty()) {
      return List.of(); // as on most nodes, and this is asked with every reading
    }
    Map<String, Set<String>> pools = pools(offers);
    Map<String, String> devices = new HashMap<>();
    for (Device device : inventory.devices()) {
      devices.put(device.uverbs(), device.name());
    }
    List<Sharing> found = new ArrayList<>();
    given.forEach((giver, nodes) -> {
      for (String node : nodes) {
        String device = devices.get(node);
        if (device != null && pools.containsKey(device)) {
          found.add(new Sharing(device, pools.get(device), giver));
        }
      }
    });
    found.sort(
        Comparator.comparing((Sharing sharing) -> sharing.giver().text())
            .thenComparing(Sharing::device));
    return found;
  }

  private static Map<String, Set<String>> pools(List<PoolOffer> offers) {
    Map<String, Set<String>> pools = new TreeMap<>();
    for (PoolOffer offer : offers) {
      for (OfferedDevice device : offer.devices()) {
        pools.computeIfAbsent(device.device(), _ -> new TreeSet<>()).add(offer.pool());
      }
    }
    return pools;
  }
}
