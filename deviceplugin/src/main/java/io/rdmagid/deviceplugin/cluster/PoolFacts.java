package io.rdmagid.deviceplugin.cluster;

import io.fabric8.kubernetes.api.model.Condition;
import io.rdmagid.api.condition.ConditionStatus;
import io.rdmagid.api.condition.Conditions;
import io.rdmagid.api.v1alpha1.RdmaGidStatus;
import io.rdmagid.deviceplugin.workload.HeldPort;
import io.rdmagid.deviceplugin.workload.PortOffer;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an RdmaGid says of pools. Pure.
 *
 * @param pools the names of those that the port belongs to
 * @param offered the condition of that type; empty where no pool has to do with the port
 */
record PoolFacts(List<String> pools, Optional<Condition> offered) {
  /** The type of the agent's condition. */
  static final String OFFERED = "Offered";

  static final PoolFacts NONE = new PoolFacts(List.of(), Optional.empty());

  PoolFacts {
    pools = List.copyOf(pools);
  }

  /**
   * What is said of a port.
   *
   * @param offers what the pools make of the node's ports; empty while nobody knows, as an agent
   *     that starts does not: then it stays as it was said last
   * @param previous what was said last; null where nothing was
   */
  static PoolFacts of(
      Optional<Map<HeldPort, PortOffer>> offers,
      HeldPort port,
      @Nullable RdmaGidStatus previous,
      Clock clock) {
    List<Condition> before = previous == null ? List.of() : previous.conditions();
    if (offers.isEmpty()) {
      return new PoolFacts(
          previous == null ? List.of() : previous.pools(), Conditions.find(before, OFFERED));
    }
    PortOffer offer = offers.get().get(port);
    if (offer == null) {
      return NONE;
    }
    return new PoolFacts(
        offer.pools(),
        Optional.of(
            Conditions.next(
                before,
                OFFERED,
                ConditionStatus.of(offer.standing().offered()),
                offer.standing().text(),
                offer.message(),
                null,
                clock)));
  }
}
