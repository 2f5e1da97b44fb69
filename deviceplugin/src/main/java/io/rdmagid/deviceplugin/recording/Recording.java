package io.rdmagid.deviceplugin.recording;

import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.LinkAddress;
import io.rdmagid.deviceplugin.inventory.LinkDescription;
import io.rdmagid.gid.GidEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a recording holds.
 *
 * @param inventory the devices of which there is a reading, and how they belong to network
 *     namespaces; the format has no place for other devices
 * @param links those of the reader's network namespace; null where the recording leaves them out,
 *     and all entries count as being of it
 * @param environment the variables that a program sees on the node
 */
public record Recording(
    Capture capture,
    Inventory inventory,
    @Nullable List<LinkDescription> links,
    Map<String, String> environment) {
  public Recording {
    links = links == null ? null : List.copyOf(links);
    environment = Map.copyOf(environment);
  }

  /**
   * A recording of a node whose links are known. Each entry of the inventory that is of this
   * namespace finds its link in it, with its address: a default GID outlives the address while the
   * link is down, and links change between the two readings.
   *
   * @param links as they were described after the inventory was read
   */
  public static Recording of(
      Capture capture,
      Inventory inventory,
      Collection<LinkDescription> links,
      Map<String, String> environment) {
    List<GidEntry> entries =
        inventory.devices().stream()
            .flatMap(device -> device.ports().stream())
            .flatMap(port -> port.gids().stream())
            .filter(entry -> entry.ifindex() != 0)
            .toList();
    Map<String, Integer> named = new HashMap<>();
    entries.forEach(entry -> named.put(entry.netdev(), entry.ifindex()));
    Map<Integer, LinkDescription> completed = new TreeMap<>();
    for (LinkDescription link : links) {
      // One that was made meanwhile by the name of another, or has its name now, has to stay out.
      if (named.getOrDefault(link.name(), link.ifindex()) == link.ifindex()) {
        completed.put(link.ifindex(), link);
      }
    }
    entries.forEach(entry -> completed.compute(entry.ifindex(), (_, link) -> linkOf(entry, link)));
    return new Recording(capture, inventory, List.copyOf(completed.values()), environment);
  }

  /** The link as described, if it was, with what the entry says of it. */
  private static LinkDescription linkOf(GidEntry entry, @Nullable LinkDescription link) {
    LinkAddress own = LinkAddress.of(entry.gid());
    if (link == null) {
      return new LinkDescription(entry.ifindex(), entry.netdev(), "", "", 0, "", List.of(own));
    }
    List<LinkAddress> addresses = new ArrayList<>(link.addresses());
    if (addresses.stream().noneMatch(address -> address.gid().equals(entry.gid()))) {
      addresses.add(own);
    }
    return new LinkDescription(
        link.ifindex(),
        entry.netdev(),
        link.kind(),
        link.state(),
        link.mtu(),
        link.master(),
        addresses);
  }
}
