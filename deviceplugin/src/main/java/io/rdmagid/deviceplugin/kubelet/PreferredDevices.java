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
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which devices of those that are free a container should get: as many ports as it can, of as many
 * devices, where that leaves a choice on as few NUMA nodes, and then the least used. Pure.
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

  /** A port while ids are being chosen. */
  private static final class Candidate {
    final FreePort port;
    int taken;

    Candidate(FreePort port) {
      this.port = port;
    }

    int free() {
      return port.ids().size() - taken;
    }

    String take() {
      return port.ids().get(taken++);
    }
  }

  /**
   * Ids that were chosen.
   *
   * @param free how many free ids their ports had, together: the more, the less used they are
   */
  private record Chosen(List<String> ids, int nodes, int free) {}

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
    // Ports and devices come first whichever node is preferred, so they do not tell these apart.
    return choice.ports.stream()
        .map(FreePort::numaNode)
        .distinct()
        .map(choice::startingOn)
        .min(
            Comparator.comparingInt(Chosen::nodes)
                .thenComparing(Chosen::free, Comparator.reverseOrder()))
        .map(Chosen::ids)
        .orElseGet(() -> choice.filledUp(must));
  }

  private Chosen startingOn(int node) {
    Map<PortKey, Integer> onPort = new HashMap<>();
    Map<String, Integer> onDevice = new HashMap<>();
    must.stream()
        .map(offered::get)
        .filter(Objects::nonNull)
        .map(PortKey::of)
        .forEach(key -> {
          onPort.merge(key, 1, Integer::sum);
          onDevice.merge(key.device(), 1, Integer::sum);
        });
    List<Candidate> candidates = ports.stream().map(Candidate::new).toList();
    Set<Integer> used = nodesOf(must);
    Comparator<Candidate> best =
        Comparator.<Candidate>comparingInt(c -> onPort.getOrDefault(c.port.key(), 0))
            .thenComparingInt(c -> onDevice.getOrDefault(c.port.key().device(), 0))
            .thenComparing(c -> c.port.numaNode() != node)
            .thenComparing(c -> !used.contains(c.port.numaNode()))
            .thenComparing(Candidate::free, Comparator.reverseOrder());
    List<String> chosen = new ArrayList<>(must);
    int free = 0;
    while (chosen.size() < size) {
      Candidate next =
          candidates.stream().filter(candidate -> candidate.free() > 0).min(best).orElse(null);
      if (next == null) {
        chosen = filledUp(chosen);
        break;
      }
      free += next.free();
      chosen.add(next.take());
      onPort.merge(next.port.key(), 1, Integer::sum);
      onDevice.merge(next.port.key().device(), 1, Integer::sum);
      used.add(next.port.numaNode());
    }
    return new Chosen(chosen, nodesOf(chosen).size(), free);
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
