package io.rdmagid.deviceplugin.kubelet;

import io.rdmagid.deviceplugin.workload.PoolOffer.OfferedDevice;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which devices of those that are free a container should get: as many ports as it can, of those
 * the least used, and where that leaves a choice, on as few NUMA nodes as it can. Pure.
 */
final class PreferredDevices {
  private static final int UNKNOWN_NODE = -1;

  private final Map<String, OfferedDevice> offered = new LinkedHashMap<>();
  private final List<FreePort> ports = new ArrayList<>();

  /** Free ids that the pool does not list any more: the last to be taken. */
  private final List<String> unknown;

  private final List<String> must;
  private final int size;

  private PreferredDevices(
      List<OfferedDevice> offer, Collection<String> available, List<String> must, int size) {
    this.must = must;
    this.size = size;
    Set<String> choices = new TreeSet<>(available);
    must.forEach(choices::remove);
    Map<PortKey, FreePort> byKey = new LinkedHashMap<>();
    // In the order of the offer, whatever order the kubelet's set has.
    for (OfferedDevice device : offer) {
      offered.put(device.id(), device);
      if (choices.remove(device.id())) {
        PortKey key = PortKey.of(device);
        byKey
            .computeIfAbsent(key, _ -> new FreePort(key, device.numaNode(), new ArrayList<>()))
            .ids()
            .add(device.id());
      }
    }
    ports.addAll(byKey.values());
    unknown = List.copyOf(choices);
  }

  private record PortKey(String device, int port) {
    static PortKey of(OfferedDevice device) {
      return new PortKey(device.device(), device.port());
    }
  }

  private record FreePort(PortKey key, int numaNode, List<String> ids) {}

  /** A port while devices are being chosen. */
  private static final class Candidate {
    final FreePort port;
    int chosen;
    int taken;

    Candidate(FreePort port, int chosen) {
      this.port = port;
      this.chosen = chosen;
    }

    int chosen() {
      return chosen;
    }

    int free() {
      return port.ids().size() - taken;
    }

    String take() {
      chosen++;
      return port.ids().get(taken++);
    }
  }

  /**
   * Chooses.
   *
   * @param offer the pool's devices
   * @param available distinct ids to choose from; those that the offer lacks are taken last
   * @param must distinct ids that are chosen already, all of them available
   * @param size how many in all: from the number of {@code must} to that of {@code available}
   * @return the ids, {@code must} first
   */
  static List<String> choose(
      List<OfferedDevice> offer, Collection<String> available, List<String> must, int size) {
    PreferredDevices choice = new PreferredDevices(offer, available, must, size);
    // Ports and use come first whichever node is preferred, so the best is that on fewest nodes.
    return choice.ports.stream()
        .map(FreePort::numaNode)
        .distinct()
        .map(choice::startingOn)
        .min(Comparator.comparingInt(chosen -> choice.nodesOf(chosen).size()))
        .orElseGet(() -> choice.filledUp(must));
  }

  private List<String> startingOn(int node) {
    Map<PortKey, Integer> mine = new HashMap<>();
    must.stream()
        .map(offered::get)
        .forEach(device -> {
          if (device != null) {
            mine.merge(PortKey.of(device), 1, Integer::sum);
          }
        });
    List<Candidate> candidates =
        ports.stream().map(port -> new Candidate(port, mine.getOrDefault(port.key(), 0))).toList();
    Set<Integer> used = nodesOf(must);
    Comparator<Candidate> best =
        Comparator.comparingInt(Candidate::chosen)
            .thenComparing(Candidate::free, Comparator.reverseOrder())
            .thenComparing(candidate -> candidate.port.numaNode() != node)
            .thenComparing(candidate -> !used.contains(candidate.port.numaNode()));
    List<String> chosen = new ArrayList<>(must);
    while (chosen.size() < size) {
      Candidate next =
          candidates.stream().filter(candidate -> candidate.free() > 0).min(best).orElse(null);
      if (next == null) {
        return filledUp(chosen);
      }
      chosen.add(next.take());
      used.add(next.port.numaNode());
    }
    return chosen;
  }

  private List<String> filledUp(List<String> chosen) {
    List<String> all = new ArrayList<>(chosen);
    all.addAll(unknown.subList(0, Math.min(unknown.size(), size - chosen.size())));
    return all;
  }

  private Set<Integer> nodesOf(List<String> ids) {
    Set<Integer> nodes = new HashSet<>();
    for (String id : ids) {
      OfferedDevice device = offered.get(id);
      nodes.add(device == null ? UNKNOWN_NODE : device.numaNode());
    }
    return nodes;
  }
}
