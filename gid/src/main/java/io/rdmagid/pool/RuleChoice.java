package io.rdmagid.pool;

import io.rdmagid.gid.GidRule;
import io.rdmagid.gid.GidSelection;
import io.rdmagid.gid.GidSelector;
import io.rdmagid.gid.GidType;
import io.rdmagid.gid.IpFamily;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The one rule for all ports of a pool, so that all pods of a job can reach each other. */
public sealed interface RuleChoice {
  /**
   * The rule.
   *
   * @param cannotServe the ports without an entry for it, in order
   */
  record Chosen(GidRule rule, List<PortRef> cannotServe) implements RuleChoice {
    public Chosen {
      cannotServe = List.copyOf(cannotServe);
    }
  }

  /** There is none yet: the ports have to tell, and cannot. */
  record NotYet(Reason reason) implements RuleChoice {}

  /** Why there is no rule yet. */
  enum Reason {
    /** The pool has no port. */
    NO_PORTS("the pool has no port"),
    /** The pool has ports, none with an entry that the spec admits. */
    NO_PORT_SERVES("no port of the pool has a GID that the spec admits");

    private final String text;

    Reason(String text) {
      this.text = text;
    }

    /** One sentence for people, without a full stop. */
    public String text() {
      return text;
    }
  }

  /**
   * Chooses. With scope Host, Auto is the type and family that most ports have an entry for: of
   * equally many RoCE v2 before RoCE v1 before IB, then IPv4 before IPv6. With scope Pod the
   * entries do not exist yet, so Auto is what the link layer of most ports can do: RoCE v2, and
   * IPv4 unless all subnets are IPv6; on InfiniBand IB, and IPv6, since its GIDs carry no IPv4
   * address.
   *
   * @param ports the ports that the pool has, in any order
   */
  static RuleChoice of(GidWish wish, Collection<PortFacts> ports) {
    return switch (wish.scope()) {
      case POD -> forPods(wish, ports);
      case HOST -> forHost(wish, ports);
    };
  }

  private static RuleChoice forPods(GidWish wish, Collection<PortFacts> ports) {
    if (ports.isEmpty()) {
      return new NotYet(Reason.NO_PORTS);
    }
    long infiniBand = ports.stream().filter(RuleChoice::isInfiniBand).count();
    GidType type = wish.type().orElse(infiniBand > ports.size() / 2 ? GidType.IB : GidType.ROCE_V2);
    IpFamily family = wish.family().orElseGet(() -> familyOf(type, wish));
    return chosen(
        rule(wish, type, family),
        ports.stream().filter(port -> isInfiniBand(port) != (type == GidType.IB)));
  }

  private static IpFamily familyOf(GidType type, GidWish wish) {
    boolean onlyIpv6 =
        !wish.subnets().isEmpty()
            && wish.subnets().stream().allMatch(subnet -> subnet.family() == IpFamily.IPV6);
    return type == GidType.IB || onlyIpv6 ? IpFamily.IPV6 : IpFamily.IPV4;
  }

  private static RuleChoice forHost(GidWish wish, Collection<PortFacts> ports) {
    List<GidRule> candidates = candidates(wish);
    if (candidates.size() > 1 && ports.isEmpty()) {
      return new NotYet(Reason.NO_PORTS);
    }
    // The sort is stable: of equal ones the preferred stays first.
    GidRule rule =
        candidates.stream()
            .sorted(
                Comparator.comparingLong((GidRule candidate) -> serving(candidate, ports))
                    .reversed())
            .toList()
            .getFirst();
    if (candidates.size() > 1 && serving(rule, ports) == 0) {
      return new NotYet(Reason.NO_PORT_SERVES);
    }
    return chosen(rule, ports.stream().filter(port -> !serves(rule, port)));
  }

  /** What the wish leaves open, the preferred first; at least one. */
  private static List<GidRule> candidates(GidWish wish) {
    List<GidType> types =
        Arrays.stream(GidType.values())
            .sorted(Comparator.reverseOrder())
            .filter(type -> wish.type().isEmpty() || wish.type().get() == type)
            .toList();
    return types.stream()
        .flatMap(type ->
            Arrays.stream(IpFamily.values())
                .filter(family -> wish.family().isEmpty() || wish.family().get() == family)
                .map(family -> rule(wish, type, family)))
        .toList();
  }

  private static GidRule rule(GidWish wish, GidType type, IpFamily family) {
    return new GidRule(type, family, wish.subnets(), wish.allowLinkLocal());
  }

  private static long serving(GidRule rule, Collection<PortFacts> ports) {
    return ports.stream().filter(port -> serves(rule, port)).count();
  }

  private static boolean serves(GidRule rule, PortFacts port) {
    return GidSelector.select(port.gids(), rule) instanceof GidSelection.Selected;
  }

  private static boolean isInfiniBand(PortFacts port) {
    return port.linkLayer().equals(PortFacts.INFINIBAND);
  }

  private static RuleChoice chosen(GidRule rule, Stream<PortFacts> cannotServe) {
    return new Chosen(rule, cannotServe.map(PortFacts::ref).sorted().toList());
  }
}
