package io.rdmagid.deviceplugin.workload;

import io.rdmagid.deviceplugin.inventory.Inventory;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the node offers to its kubelet: what its pools and ports make, with what pods hold, and with
 * patience for ports that are down under them. Not thread-safe; without threads and clocks.
 */
final class NodeOffers {
  private final String node;
  private final HealthDamping damping = new HealthDamping();
  private @Nullable NodePlan plan;
  private @Nullable List<PoolOffer> offered;
  private Map<HeldPort, PortOffer> ports = Map.of();

  /**
   * Nothing is known yet.
   *
   * @param node the Node's name
   */
  NodeOffers(String node) {
    this.node = node;
  }

  /** What the pools and ports of the last call make; empty before the first. */
  Optional<NodePlan> plan() {
    return Optional.ofNullable(plan);
  }

  /**
   * The offers, where they are not those of the last call.
   *
   * @param held allocations that a pod has
   * @param now in nanoseconds, as {@link System#nanoTime} has them
   */
  Optional<List<PoolOffer>> update(
      Collection<PoolState> pools,
      Map<String, String> nodeLabels,
      Inventory inventory,
      List<AllocationRecord> held,
      long now) {
    NodePlan next = NodePlan.of(node, nodeLabels, pools, inventory, held);
    plan = next;
    List<PoolOffer> offers =
        damping.damped(
            KeptDevices.added(next, pools, held),
            held.stream().flatMap(record -> record.ports().stream()).collect(Collectors.toSet()),
            now);
    ports = PortOffers.of(next, pools, offers, port -> damping.isHeldBack(port, now));
    if (offers.equals(offered)) {
      return Optional.empty();
    }
    offered = offers;
    return Optional.of(offers);
  }

  /**
   * The ids that the pool's offer of the last call does not have: the kubelet asks by the offer
   * that it has, and may not have heard of that one yet.
   */
  List<String> notOffered(AllocationId asked) {
    Set<String> there =
        Objects.requireNonNullElse(offered, List.<PoolOffer>of()).stream()
            .filter(offer -> offer.pool().equals(asked.pool()))
            .flatMap(offer -> offer.devices().stream())
            .map(PoolOffer.OfferedDevice::id)
            .collect(Collectors.toSet());
    return asked.ids().stream().filter(id -> !there.contains(id)).toList();
  }

  /** What the pools of the last call make of the ports that they have to do with. */
  Map<HeldPort, PortOffer> ports() {
    return ports;
  }

  /** The nanoseconds after which to update again, if nothing happens before. */
  OptionalLong pause(long now) {
    return damping.pause(now);
  }
}
