package io.rdmagid.deviceplugin.inventory;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The links of one network namespace and those of the host at one moment, both by ifindex.
 *
 * @param isHost whether the namespace is the host's own; then both are the same
 */
public record NamespaceView(
    boolean isHost, Map<Integer, NamespaceLink> links, Map<Integer, NamespaceLink> host) {
  public NamespaceView {
    links = Map.copyOf(links);
    host = Map.copyOf(host);
  }

  /** A link in one of the two namespaces. */
  private record Spot(boolean inHost, int ifindex) {}

  /**
   * Whether traffic of a link of this namespace leaves by a link of the host: over the devices
   * below it, and over the ports of a bond or bridge, to any depth.
   *
   * @param ifindex of this namespace
   * @param hostIfindex of the host's
   */
  public boolean reaches(int ifindex, int hostIfindex) {
    return reaches(ifindex, new Spot(true, hostIfindex));
  }

  /**
   * Whether traffic of a link leaves by another link that stands in this namespace, or by itself.
   *
   * @param ifindex of this namespace
   * @param otherIfindex of this namespace
   */
  boolean reachesHere(int ifindex, int otherIfindex) {
    return reaches(ifindex, new Spot(isHost, otherIfindex));
  }

  /** Links can form a circle: of two veth ends each is below the other. */
  private boolean reaches(int ifindex, Spot target) {
    Deque<Spot> next = new ArrayDeque<>(Set.of(new Spot(isHost, ifindex)));
    Set<Spot> seen = new HashSet<>();
    while (!next.isEmpty()) {
      Spot spot = next.pop();
      if (spot.equals(target)) {
        return true;
      }
      if (seen.add(spot)) {
        next.addAll(below(spot));
      }
    }
    return false;
  }

  private Collection<Spot> below(Spot spot) {
    Map<Integer, NamespaceLink> place = spot.inHost ? host : links;
    Set<Spot> below = new HashSet<>();
    NamespaceLink link = place.get(spot.ifindex);
    if (link == null) {
      return below;
    }
    if (link.lower() != 0) {
      switch (link.lowerPlace()) {
        case HERE -> below.add(new Spot(spot.inHost, link.lower()));
        case HOST -> below.add(new Spot(true, link.lower()));
        case ELSEWHERE -> {}
      }
    }
    for (NamespaceLink port : place.values()) {
      if (port.master() == spot.ifindex) {
        below.add(new Spot(spot.inHost, port.ifindex()));
      }
    }
    return below;
  }
}
