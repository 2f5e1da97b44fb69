package io.rdmagid.deviceplugin.workload;

import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.gid.GidScope;
import io.rdmagid.gid.GidSelection;
import io.rdmagid.pool.EffectiveRule;
import io.rdmagid.pool.PoolMembership;
import io.rdmagid.pool.PortFacts;
import io.rdmagid.pool.PortRef;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/** What the pools make of each port, in words. Pure. */
final class PortOffers {
  private static final String NOT_ACTIVE = "the port is not active";
  private static final String EXCLUSIVE =
      "the node is in exclusive namespace mode, in which a pod's network namespace has none of the"
          + " host's devices; pools need rdma system set netns shared";

  private final boolean exclusive;
  private final Map<HeldPort, SortedSet<String>> pools = new HashMap<>();

  private PortOffers(boolean exclusive) {
    this.exclusive = exclusive;
  }

  /** Why a pool cannot offer a port that it has. */
  record Objection(PortOffer.Standing standing, String text) {}

  /**
   * The ports that pools have to do with.
   *
   * @param states the pools that the plan was made from
   * @param shown the offers as the kubelet gets them, with what pods hold
   * @param heldBack whether the kubelet is not told yet that a port cannot be used
   */
  static Map<HeldPort, PortOffer> of(
      NodePlan plan,
      Collection<PoolState> states,
      List<PoolOffer> shown,
      Predicate<HeldPort> heldBack) {
    PortOffers naming = new PortOffers(plan.exclusive());
    PoolMembership membership = plan.membership();
    membership.ports().forEach((pool, ports) -> ports.forEach(port -> naming.add(of(port), pool)));
    shown.forEach(
        offer -> offer.devices().forEach(device -> naming.add(HeldPort.of(device), offer.pool())));
    Map<HeldPort, PortOffer> offers = new HashMap<>();
    for (PoolState state : states) {
      for (PortFacts facts : membership.portsOf(state.pool().name())) {
        HeldPort port = of(facts);
        offers.put(
            port,
            naming.offer(
                port,
                state,
                Optional.ofNullable(plan.objections().get(facts.ref())),
                heldBack.test(port)));
      }
    }
    membership
        .draining()
        .forEach((pool, ports) ->
            ports.forEach(port -> offers.put(of(port), naming.draining(pool, port, membership))));
    return Map.copyOf(offers);
  }

  /**
   * Why the port cannot serve the rule. With scope Pod the GIDs come with the pod's network, so
   * only the port itself counts.
   */
  static Optional<Objection> objection(Port port, EffectiveRule rule) {
    if (!port.attributes().active()) {
      return Optional.of(new Objection(PortOffer.Standing.PORT_DOWN, NOT_ACTIVE));
    }
    if (rule.scope() == GidScope.POD) {
      return Optional.empty();
    }
    return switch (port.selection(rule.rule())) {
      case GidSelection.Selected _ -> Optional.empty();
      case GidSelection.Ambiguous ambiguous ->
          Optional.of(new Objection(PortOffer.Standing.AMBIGUOUS_GID, ambiguous.text()));
      case GidSelection.NoMatch(var reason, var closest) -> {
        // The closest will do in a condition; the port's table shows all.
        GidSelection.NoMatch none =
            new GidSelection.NoMatch(reason, closest.stream().limit(1).toList());
        yield Optional.of(new Objection(PortOffer.Standing.NO_USABLE_GID, none.text(rule.rule())));
      }
    };
  }

  private PortOffer offer(
      HeldPort port, PoolState state, Optional<Objection> objection, boolean heldBack) {
    String name = "pool " + state.pool().name();
    if (exclusive) {
      return offer(port, PortOffer.Standing.EXCLUSIVE_NAMESPACES, name + ": " + EXCLUSIVE);
    }
    if (state.rule().isEmpty()) {
      return offer(port, PortOffer.Standing.NO_RULE, name + " has no rule for its spec yet");
    }
    if (objection.isEmpty()) {
      return offer(port, PortOffer.Standing.HEALTHY, name + " offers the port");
    }
    return heldBack
        ? offer(
            port,
            PortOffer.Standing.DAMPED,
            name + " offers the port a while longer, as pods hold it: " + objection.get().text())
        : offer(port, objection.get().standing(), name + ": " + objection.get().text());
  }

  private PortOffer draining(String pool, PortFacts port, PoolMembership membership) {
    PortRef ref = port.ref();
    List<String> waiting =
        membership.conflicts().stream()
            .filter(conflict -> conflict.port().equals(ref) && !conflict.pool().equals(pool))
            .map(PoolMembership.Conflict::pool)
            .toList();
    StringBuilder message =
        new StringBuilder("pods hold the port of pool " + pool + ", which has it no more");
    if (!waiting.isEmpty()) {
      message.append("; wanted by ").append(String.join(", ", waiting));
    }
    if (!port.active()) {
      message.append("; ").append(NOT_ACTIVE);
    }
    return offer(of(port), PortOffer.Standing.DRAINING, message.toString());
  }

  private PortOffer offer(HeldPort port, PortOffer.Standing standing, String message) {
    return new PortOffer(List.copyOf(pools.getOrDefault(port, new TreeSet<>())), standing, message);
  }

  private void add(HeldPort port, String pool) {
    pools.computeIfAbsent(port, _ -> new TreeSet<>()).add(pool);
  }

  private static HeldPort of(PortFacts port) {
    return new HeldPort(port.device(), port.port());
  }
}
