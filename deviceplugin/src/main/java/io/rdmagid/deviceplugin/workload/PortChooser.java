package io.rdmagid.deviceplugin.workload;

import io.rdmagid.assignment.AssignmentState;
import io.rdmagid.assignment.GidChoice;
import io.rdmagid.deviceplugin.inventory.Eligibility;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.NamespaceLook;
import io.rdmagid.deviceplugin.inventory.NamespaceView;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidRule;
import io.rdmagid.gid.GidSelection;
import io.rdmagid.gid.GidSelector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Chooses on the ports of one container, from one reading of the tables and one look into each
 * namespace that counts. Not thread-safe; for one choice only.
 */
final class PortChooser {
  private final Inventory inventory;
  private final NamespaceFacts facts;
  private final SlotLook slots;
  private final Map<Optional<Path>, NamespaceLook> looks = new HashMap<>();

  PortChooser(Inventory inventory, NamespaceFacts facts, SlotLook slots) {
    this.inventory = inventory;
    this.facts = facts;
    this.slots = slots;
  }

  /** All ports of one allocation of a container in this sandbox. */
  List<PortOutcome> choose(AllocationRecord allocation, PoolTerms terms, Sandbox sandbox) {
    List<PortOutcome> outcomes = new ArrayList<>();
    for (HeldPort port : allocation.ports()) {
      outcomes.add(choose(allocation.id().pool(), outcomes.size(), port, terms, sandbox));
    }
    return outcomes;
  }

  private PortOutcome choose(
      String pool, int number, HeldPort held, PoolTerms terms, Sandbox sandbox) {
    Optional<Port> port = held.in(inventory);
    if (port.isEmpty()) {
      return PortOutcome.without(
          pool,
          number,
          held,
          terms,
          AssignmentState.NONE,
          Obstacle.NO_PORT,
          "the node has no such port now");
    }
    Optional<Path> namespace = sandbox.namespaceOf(terms.rule().scope());
    return switch (looks.computeIfAbsent(namespace, facts::look)) {
      case NamespaceLook.Unseen(NamespaceLook.Why why, String reason) ->
          PortOutcome.without(
              pool,
              number,
              held,
              terms,
              AssignmentState.PENDING,
              switch (why) {
                case GONE, NO_NAMESPACE -> Obstacle.NO_NAMESPACE;
                case REFUSED -> Obstacle.NAMESPACE_REFUSED;
              },
              "the pod's network namespace cannot be seen: " + reason);
      case NamespaceLook.Seen(var view) -> outcome(pool, number, held, terms, port.get(), view);
    };
  }

  private PortOutcome outcome(
      String pool, int number, HeldPort port, PoolTerms terms, Port facts, NamespaceView view) {
    GidRule gid = terms.rule().rule();
    return switch (GidSelector.select(Eligibility.entries(facts, view), gid)) {
      case GidSelection.Selected(GidEntry entry) ->
          chosen(pool, number, port, terms, GidChoice.of(entry));
      case GidSelection.NoMatch none ->
          PortOutcome.without(
                  pool,
                  number,
                  port,
                  terms,
                  AssignmentState.NONE,
                  Obstacle.NO_ENTRY,
                  none.text(gid))
              .awaiting(awaited(facts, view, gid));
      case GidSelection.Ambiguous ambiguous ->
          PortOutcome.without(
              pool,
              number,
              port,
              terms,
              AssignmentState.NONE,
              Obstacle.AMBIGUOUS,
              ambiguous.text());
    };
  }

  private PortOutcome chosen(
      String pool, int number, HeldPort port, PoolTerms terms, GidChoice choice) {
    return slots.has(port, choice)
        ? PortOutcome.chosen(pool, number, port, terms, choice)
        : PortOutcome.without(
            pool,
            number,
            port,
            terms,
            AssignmentState.NONE,
            Obstacle.LATE,
            choice.address()
                + " is no longer at index "
                + choice.index()
                + "; the table has changed since it was read");
  }

  /** The addresses that would do, where the table or the kernel is not ready with them. */
  private static String awaited(Port port, NamespaceView view, GidRule rule) {
    if (Eligibility.netdevMoves(port, view)) {
      return "; the port's table did not follow its netdev into a network namespace in time";
    }
    Map<Boolean, String> byTentative =
        Eligibility.awaited(port, view).stream()
            .filter(address ->
                rule.lacks(
                        new GidEntry(
                            0, address.gid(), rule.type(), address.ifindex(), address.netdev()))
                    .isEmpty())
            .collect(
                Collectors.groupingBy(
                    Eligibility.Awaited::tentative,
                    Collectors.mapping(Eligibility.Awaited::text, Collectors.joining(", "))));
    String missing = byTentative.getOrDefault(false, "");
    String tentative = byTentative.getOrDefault(true, "");
    return (missing.isEmpty() ? "" : "; " + missing + " did not come into the port's table in time")
        + (tentative.isEmpty()
            ? ""
            : "; of " + tentative + " the kernel did not know in time that nobody else has it");
  }
}
