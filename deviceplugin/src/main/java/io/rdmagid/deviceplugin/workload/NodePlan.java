package io.rdmagid.deviceplugin.workload;

import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.deviceplugin.inventory.RdmaNamespaceMode;
import io.rdmagid.pool.DeviceIds;
import io.rdmagid.pool.EffectiveRule;
import io.rdmagid.pool.PoolMembership;
import io.rdmagid.pool.PortFacts;
import io.rdmagid.pool.PortRef;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What this node offers, from its pools and its ports. Pure.
 *
 * @param offers the pools that have a rule, by name; none in exclusive namespace mode
 * @param ports all ports of the node
 * @param membership which of these ports is whose
 * @param objections why a pool that has a rule cannot offer a port that it has, by port
 * @param exclusive whether devices belong to one network namespace each, so that a pod would not
 *     see those that the agent gives it
 */
record NodePlan(
    List<PoolOffer> offers,
    List<PortFacts> ports,
    PoolMembership membership,
    Map<PortRef, PortOffers.Objection> objections,
    boolean exclusive) {
  NodePlan {
    offers = List.copyOf(offers);
    ports = List.copyOf(ports);
    objections = Map.copyOf(objections);
  }

  static NodePlan of(
      String node,
      Map<String, String> nodeLabels,
      Collection<PoolState> pools,
      Inventory inventory,
      Collection<AllocationRecord> held) {
    boolean exclusive = inventory.namespaceMode() == RdmaNamespaceMode.EXCLUSIVE;
    Map<PortRef, Port> tables = new HashMap<>();
    List<PortFacts> ports = new ArrayList<>();
    for (Device device : inventory.devices()) {
      for (Port port : device.ports()) {
        PortFacts facts = facts(node, device, port);
        ports.add(facts);
        tables.put(facts.ref(), port);
      }
    }
    PoolMembership membership =
        PoolMembership.of(
            pools.stream().filter(PoolState::understood).map(PoolState::pool).toList(),
            ports,
            Map.of(node, nodeLabels),
            holds(node, held));
    Map<String, PoolState> byName =
        pools.stream().collect(Collectors.toMap(state -> state.pool().name(), state -> state));
    List<PoolOffer> offers = new ArrayList<>();
    Map<PortRef, PortOffers.Objection> objections = new HashMap<>();
    membership
        .ports()
        .forEach((name, members) -> {
          PoolState state = byName.get(name);
          if (state == null || state.rule().isEmpty()) {
            return;
          }
          EffectiveRule rule = state.rule().get();
          members.forEach(port ->
              PortOffers.objection(
                      Objects.requireNonNull(tables.get(port.ref()), "no port of the node"), rule)
                  .ifPresent(objection -> objections.put(port.ref(), objection)));
          if (!exclusive && !membership.duplicates().containsKey(name)) {
            offers.add(offer(state, members, ports, objections.keySet()));
          }
        });
    return new NodePlan(offers, ports, membership, objections, exclusive);
  }

  private static List<PoolMembership.Hold> holds(String node, Collection<AllocationRecord> held) {
    return held.stream()
        .flatMap(record ->
            record.ports().stream()
                .map(port ->
                    new PoolMembership.Hold(
                        new PortRef(node, port.device(), port.port()), record.id().pool())))
        .toList();
  }

  /** The port behind a device id, whatever pool it is of. */
  Optional<HeldPort> portOf(String id) {
    return DeviceIds.portOf(id, ports).map(ref -> new HeldPort(ref.device(), ref.port()));
  }

  /** A port of the node under this id, as healthy as it is: one that is not there is not. */
  PoolOffer.OfferedDevice device(String id, HeldPort port) {
    Optional<PortFacts> facts =
        ports.stream()
            .filter(candidate ->
                candidate.device().equals(port.device()) && candidate.port() == port.port())
            .findFirst();
    return new PoolOffer.OfferedDevice(
        id,
        port.device(),
        port.port(),
        facts.filter(PortFacts::active).isPresent(),
        facts.map(PortFacts::numaNode).orElse(-1));
  }

  private static PoolOffer offer(
      PoolState state, List<PortFacts> members, List<PortFacts> ports, Set<PortRef> unusable) {
    Map<PortRef, PortFacts> byRef =
        members.stream().collect(Collectors.toMap(PortFacts::ref, port -> port));
    return new PoolOffer(
        state.pool().name(),
        state.pool().resourceName(),
        DeviceIds.of(state.pool().podsPerPort(), members, ports).ids().stream()
            .map(id -> device(id, byRef, unusable))
            .toList());
  }

  private static PoolOffer.OfferedDevice device(
      DeviceIds.DeviceId id, Map<PortRef, PortFacts> ports, Set<PortRef> unusable) {
    PortFacts port = ports.get(id.port());
    if (port == null) {
      throw new IllegalStateException(id + " is an id of no port of its pool");
    }
    return new PoolOffer.OfferedDevice(
        id.id(), port.device(), port.port(), !unusable.contains(id.port()), port.numaNode());
  }

  private static PortFacts facts(String node, Device device, Port port) {
    return new PortFacts(
        node,
        device.name(),
        port.number(),
        port.attributes().linkLayer(),
        device.attributes().driver(),
        device.attributes().vendorId(),
        device.attributes().deviceId(),
        device.attributes().pciAddress(),
        device.attributes().pfName(),
        device.attributes().vfIndex(),
        port.netdev(),
        device.attributes().numaNode(),
        port.attributes().rateGbps(),
        port.attributes().active(),
        port.gids());
  }
}
