package io.rdmagid.operator.pool;

import io.fabric8.kubernetes.api.model.Condition;
import io.rdmagid.api.condition.ConditionStatus;
import io.rdmagid.api.condition.Conditions;
import io.rdmagid.api.v1alpha1.EffectiveGidRule;
import io.rdmagid.api.v1alpha1.Parsed;
import io.rdmagid.api.v1alpha1.ParsedPool;
import io.rdmagid.api.v1alpha1.PoolParser;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.api.v1alpha1.RdmaGidPoolStatus;
import io.rdmagid.gid.GidRule;
import io.rdmagid.pool.DeviceIds;
import io.rdmagid.pool.EffectiveRule;
import io.rdmagid.pool.GidWish;
import io.rdmagid.pool.Pool;
import io.rdmagid.pool.PoolMembership;
import io.rdmagid.pool.PortFacts;
import io.rdmagid.pool.PortRef;
import io.rdmagid.pool.RuleChoice;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes the status of a pool. Pure: equal fleets, statuses and times give equal statuses. */
final class PoolStatuses {
  private static final String NOT_ACCEPTED = "NotAccepted";

  private final RdmaGidPool object;
  private final @Nullable RdmaGidPoolStatus previous;
  private final Fleet fleet;
  private final PoolConditions conditions;
  private final Settling settling;
  private Optional<Duration> again = Optional.empty();

  private PoolStatuses(RdmaGidPool object, Fleet fleet, Settling settling, Clock clock) {
    this.object = object;
    this.settling = settling;
    this.previous = object.getStatus();
    this.fleet = fleet;
    this.conditions =
        new PoolConditions(
            previous == null ? List.of() : previous.conditions(),
            Objects.requireNonNullElse(object.getMetadata().getGeneration(), 0L),
            clock);
  }

  /**
   * What was made.
   *
   * @param again when to look again if nothing changes until then; empty where there is no need
   */
  record Made(RdmaGidPoolStatus status, Optional<Duration> again) {}

  /**
   * The status that {@code object} is to have.
   *
   * @param object one of the fleet's pools, with the status that it has
   * @param settling what the ports told before; is told what they tell now
   * @param clock tells when a condition changes its status
   */
  static Made of(RdmaGidPool object, Fleet fleet, Settling settling, Clock clock) {
    PoolStatuses statuses = new PoolStatuses(object, fleet, settling, clock);
    RdmaGidPoolStatus status = statuses.status();
    if (statuses.again.isEmpty()) {
      settling.forget(object.getMetadata().getName());
    }
    return new Made(status, statuses.again);
  }

  private RdmaGidPoolStatus status() {
    return switch (PoolParser.parse(object)) {
      case ParsedPool.Invalid(List<Parsed.Problem> problems) ->
          notAccepted(
              "Invalid",
              problems.stream().map(Parsed.Problem::toString).collect(Collectors.joining("; ")));
      case ParsedPool.Valid parsed -> {
        Pool pool = parsed.pool();
        PoolMembership membership =
            PoolMembership.of(validPools(), fleet.facts(), fleet.nodeLabels(), fleet.holds());
        String owner = membership.duplicates().get(pool.name());
        if (pool.leaving()) {
          yield notAccepted(
              "BeingDeleted",
              "no longer offered; it goes when no pod holds a port of it: "
                  + named(draining(pool, membership)));
        }
        yield owner == null
            ? accepted(parsed, membership)
            : notAccepted(
                "DuplicateResourceName",
                "the older pool " + owner + " has the resource name " + pool.resourceName());
      }
    };
  }

  private List<Pool> validPools() {
    List<Pool> valid = new ArrayList<>();
    for (RdmaGidPool other : fleet.pools()) {
      switch (PoolParser.parse(other)) {
        case ParsedPool.Valid(Pool pool, _, _) -> valid.add(pool);
        case ParsedPool.Invalid _ -> {}
      }
    }
    return valid;
  }

  /** The rule stays as it was: its generation is not that of a spec that is accepted. */
  private RdmaGidPoolStatus notAccepted(String reason, String message) {
    String rest = "the pool is not accepted";
    return new RdmaGidPoolStatus(
        previous == null ? null : previous.effective(),
        0,
        0,
        0,
        allocated(),
        null,
        List.of(
            conditions.next(RdmaGidPoolStatus.ACCEPTED, ConditionStatus.FALSE, reason, message),
            conditions.next(
                RdmaGidPoolStatus.CONFLICT, ConditionStatus.UNKNOWN, NOT_ACCEPTED, rest),
            conditions.next(
                RdmaGidPoolStatus.DEGRADED, ConditionStatus.UNKNOWN, NOT_ACCEPTED, rest)));
  }

  private RdmaGidPoolStatus accepted(ParsedPool.Valid parsed, PoolMembership membership) {
    Pool pool = parsed.pool();
    List<PortFacts> ports = membership.portsOf(pool.name());
    List<PortFacts> usable = fleet.usable(ports);
    RuleDecision decision = RuleDecision.of(object, parsed, usable, settling);
    again = decision.again();
    List<PortRef> cannotServe =
        switch (decision) {
          case RuleDecision.Ruled(EffectiveRule rule, _) -> cannotServe(rule, usable);
          case RuleDecision.NotUnderstood _, RuleDecision.NotYet _ -> List.of();
        };
    Set<PortRef> notServing = Set.copyOf(cannotServe);
    List<PortRef> draining = draining(pool, membership);
    return new RdmaGidPoolStatus(
        switch (decision) {
          case RuleDecision.Ruled(_, EffectiveGidRule shown) -> shown;
          case RuleDecision.NotUnderstood _, RuleDecision.NotYet _ ->
              previous == null ? null : previous.effective();
        },
        (int) ports.stream().map(PortFacts::node).distinct().count(),
        ports.size(),
        (int)
            ports.stream()
                .filter(port -> port.active() && !notServing.contains(port.ref()))
                .count(),
        allocated(),
        null,
        List.of(
            conditions.next(
                RdmaGidPoolStatus.ACCEPTED,
                ConditionStatus.TRUE,
                "Accepted",
                "pods ask for " + pool.resourceName()),
            conflict(pool, membership),
            degraded(
                decision,
                cannotServe,
                cutIds(pool, ports, draining),
                draining,
                overshared(pool, ports))));
  }

  /** The ports without an entry for the rule, in order. */
  private static List<PortRef> cannotServe(EffectiveRule effective, List<PortFacts> ports) {
    GidRule rule = effective.rule();
    GidWish exactly =
        new GidWish(
            Optional.of(rule.type()),
            Optional.of(rule.family()),
            rule.subnets(),
            rule.allowLinkLocal(),
            effective.scope(),
            effective.required());
    return switch (RuleChoice.of(exactly, ports)) {
      case RuleChoice.Chosen(_, List<PortRef> cannotServe) -> cannotServe;
      case RuleChoice.NotYet _ -> List.of();
    };
  }

  private Condition conflict(Pool pool, PoolMembership membership) {
    List<String> older = new ArrayList<>();
    List<String> held = new ArrayList<>();
    for (PoolMembership.Conflict conflict : membership.conflicts()) {
      if (conflict.pool().equals(pool.name())) {
        boolean drains =
            membership.drainingOf(conflict.winner()).stream()
                .anyMatch(port -> port.ref().equals(conflict.port()));
        if (drains) {
          held.add(conflict.port() + " is held by pods of pool " + conflict.winner());
        } else {
          older.add(conflict.port() + " belongs to pool " + conflict.winner());
        }
      }
    }
    List<String> lost = new ArrayList<>(older);
    lost.addAll(held);
    return lost.isEmpty()
        ? conditions.next(
            RdmaGidPoolStatus.CONFLICT,
            ConditionStatus.FALSE,
            "NoConflict",
            "no other pool has a port that this one wants")
        : conditions.next(
            RdmaGidPoolStatus.CONFLICT,
            ConditionStatus.TRUE,
            older.isEmpty() ? "HeldByPods" : "OlderPoolWins",
            Conditions.list(lost));
  }

  /** The first of several reasons, and what there is of all of them. */
  private Condition degraded(
      RuleDecision decision,
      List<PortRef> cannotServe,
      List<String> cut,
      List<PortRef> draining,
      List<String> overshared) {
    SequencedMap<String, String> reasons = new LinkedHashMap<>();
    switch (decision) {
      case RuleDecision.NotYet(String why, _) ->
          reasons.put("NoRuleYet", "not offered, for want of a rule: " + why);
      case RuleDecision.NotUnderstood _ -> reasons.put("NotUnderstood", notUnderstood());
      case RuleDecision.Ruled(EffectiveRule effective, _) -> {
        if (!cannotServe.isEmpty()) {
          reasons.put(
              "PortsCannotServe", "no " + effective.rule().text() + " at " + named(cannotServe));
        }
      }
    }
    if (!cut.isEmpty()) {
      reasons.put("IdsCut", "ids cut at " + Conditions.list(cut));
    }
    if (!draining.isEmpty()) {
      reasons.put("Draining", "no longer offered, but held by pods: " + named(draining));
    }
    if (!overshared.isEmpty()) {
      reasons.put(
          "SharedByMore",
          "held by more pods than spec.podsPerPort, so no new ones get there: "
              + Conditions.list(overshared));
    }
    return reasons.isEmpty()
        ? conditions.next(
            RdmaGidPoolStatus.DEGRADED,
            ConditionStatus.FALSE,
            "AllPortsServe",
            "every port can serve the rule")
        : isDegraded(reasons.firstEntry().getKey(), String.join("; ", reasons.values()));
  }

  private String notUnderstood() {
    return """
    status.effective is a rule that this version does not understand, and stays as it is: run the operator and the \
    agents of the version that wrote it; where none does any more, have a rule chosen anew: \
    kubectl patch rdmagidpool %s --subresource=status --type=merge -p '{"status":{"effective":{"type":null}}}'\
    """
        .formatted(object.getMetadata().getName());
  }

  private static List<PortRef> draining(Pool pool, PoolMembership membership) {
    return membership.drainingOf(pool.name()).stream().map(PortFacts::ref).toList();
  }

  private static String named(List<PortRef> ports) {
    return Conditions.list(ports.stream().map(PortRef::toString).toList());
  }

  private Condition isDegraded(String reason, String message) {
    return conditions.next(RdmaGidPoolStatus.DEGRADED, ConditionStatus.TRUE, reason, message);
  }

  /**
   * The nodes that would offer more ids than a kubelet takes, each with how many are left out. What
   * pods hold of a port that drains is an id, too.
   */
  private List<String> cutIds(Pool pool, List<PortFacts> ports, List<PortRef> draining) {
    SortedMap<String, Long> ids = new TreeMap<>();
    ports.forEach(port -> ids.merge(port.node(), (long) pool.podsPerPort(), Long::sum));
    holdings()
        .filter(holding -> draining.contains(holding.port()))
        .forEach(holding -> ids.merge(holding.port().node(), 1L, Long::sum));
    List<String> cut = new ArrayList<>();
    ids.forEach((node, count) -> {
      long over = count - DeviceIds.MOST;
      if (over > 0) {
        cut.add(node + " (" + over + ")");
      }
    });
    return cut;
  }

  /** The ports that more pods hold than now may, each with how many do. */
  private List<String> overshared(Pool pool, List<PortFacts> ports) {
    Set<PortRef> own = ports.stream().map(PortFacts::ref).collect(Collectors.toSet());
    SortedMap<PortRef, Set<String>> pods =
        holdings()
            .filter(holding -> own.contains(holding.port()))
            .collect(
                Collectors.groupingBy(
                    Holding::port,
                    TreeMap::new,
                    Collectors.mapping(Holding::podUid, Collectors.toSet())));
    return pods.entrySet().stream()
        .filter(port -> port.getValue().size() > pool.podsPerPort())
        .map(port -> port.getKey() + " (" + port.getValue().size() + ")")
        .toList();
  }

  private int allocated() {
    return (int) holdings().count();
  }

  /** What containers hold of this pool, each once. */
  private Stream<Holding> holdings() {
    String name = object.getMetadata().getName();
    return fleet.holdings().stream().filter(holding -> holding.pool().equals(name)).distinct();
  }
}
