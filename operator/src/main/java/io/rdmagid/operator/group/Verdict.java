package io.rdmagid.operator.group;

import io.rdmagid.api.condition.Conditions;
import io.rdmagid.pool.PortRef;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Whether the pods of a job fit together. Ports are compared with those of the same pool: others
 * are other networks. Of a value that differs, what most ports have is right and the others are
 * odd; where as many have one as another, nobody can tell, and both sides are named. The order of
 * the seats does not matter.
 *
 * @param reason one word in CamelCase, for programs: of several the worst
 * @param message for people; it does not tell how many pods there are, so that it stays the same
 *     while they come
 * @param oddPod the pod that is named first; empty where all fit
 */
record Verdict(String reason, String message, Optional<String> oddPod) {
  /** All fit. */
  static final Verdict CONSISTENT =
      new Verdict(
          "Consistent",
          "type, family, link layer and MTU are the same in each pool, and addresses differ",
          Optional.empty());

  private static final Comparator<Seat> ORDER =
      Comparator.comparing(Seat::pod).thenComparing(Seat::port).thenComparing(Seat::pool);

  /** What all ports of a pool have alike; the worst first. */
  private enum Value {
    LINK_LAYER("LinkLayersDiffer", "the link layer"),
    TYPE("TypesDiffer", "the type"),
    FAMILY("FamiliesDiffer", "the family"),
    MTU("MtusDiffer", "the MTU");

    private final String reason;
    private final String text;

    Value(String reason, String text) {
      this.reason = reason;
      this.text = text;
    }

    /** Empty where it is not known. */
    Optional<String> of(Seat seat) {
      return switch (this) {
        case LINK_LAYER ->
            seat.linkLayer().isEmpty() ? Optional.empty() : Optional.of(seat.linkLayer());
        case TYPE -> Optional.of(seat.type().text());
        case FAMILY -> Optional.of(seat.gid().family().text());
        case MTU -> seat.mtu() == 0 ? Optional.empty() : Optional.of(Integer.toString(seat.mtu()));
      };
    }
  }

  /**
   * Something that does not fit.
   *
   * @param message without the pool
   * @param oddPod the pod that is named first
   */
  private record Complaint(String pool, String reason, String message, String oddPod) {}

  /** Whether all fit. */
  boolean isConsistent() {
    return oddPod.isEmpty();
  }

  /** What becomes of these; {@link #CONSISTENT} of none. */
  static Verdict of(Collection<Seat> seats) {
    SortedMap<String, List<Seat>> byPool =
        seats.stream()
            .sorted(ORDER)
            .collect(Collectors.groupingBy(Seat::pool, TreeMap::new, Collectors.toList()));
    List<Complaint> complaints = new ArrayList<>();
    // The worst first, whichever pool it is of.
    byPool.forEach((pool, ports) -> duplicates(pool, ports, complaints));
    for (Value value : Value.values()) {
      byPool.forEach((pool, ports) -> differing(pool, value, ports).ifPresent(complaints::add));
    }
    byPool.forEach((pool, ports) -> outside(pool, ports).ifPresent(complaints::add));
    return complaints.isEmpty()
        ? CONSISTENT
        : new Verdict(
            complaints.getFirst().reason(),
            complaints.stream()
                .map(complaint -> "pool " + complaint.pool() + ": " + complaint.message())
                .collect(Collectors.joining("; ")),
            Optional.of(complaints.getFirst().oddPod()));
  }

  private static Optional<Complaint> differing(String pool, Value value, List<Seat> seats) {
    SortedMap<String, NavigableSet<PortName>> byValue = new TreeMap<>();
    for (Seat seat : seats) {
      value
          .of(seat)
          .ifPresent(
              text -> byValue.computeIfAbsent(text, _ -> new TreeSet<>()).add(PortName.of(seat)));
    }
    if (byValue.size() < 2) {
      return Optional.empty();
    }
    int most = byValue.values().stream().mapToInt(NavigableSet::size).max().orElseThrow();
    List<String> usual =
        byValue.entrySet().stream()
            .filter(entry -> entry.getValue().size() == most)
            .map(Map.Entry::getKey)
            .toList();
    List<Map.Entry<String, NavigableSet<PortName>>> odd =
        byValue.entrySet().stream()
            .filter(entry -> usual.size() > 1 || !entry.getKey().equals(usual.getFirst()))
            .toList();
    String named =
        odd.stream()
            .map(entry -> entry.getKey() + " at " + names(entry.getValue()))
            .collect(Collectors.joining(", "));
    return Optional.of(
        new Complaint(
            pool,
            value.reason,
            value.text + " is " + (usual.size() > 1 ? named : usual.getFirst() + ", but " + named),
            odd.stream()
                .map(entry -> entry.getValue().first().pod())
                .min(Comparator.naturalOrder())
                .orElseThrow()));
  }

  /**
   * By the pool's rule of now, of pods that a former one chose for, too: those of the one may not
   * reach those of the other. Pods that are all of a former rule have not changed.
   */
  private static Optional<Complaint> outside(String pool, List<Seat> seats) {
    if (seats.stream().allMatch(Seat::former)) {
      return Optional.empty();
    }
    List<Seat> outside =
        seats.stream()
            .filter(seat ->
                !seat.subnets().isEmpty()
                    && seat.subnets().stream().noneMatch(subnet -> subnet.contains(seat.gid())))
            .toList();
    return outside.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Complaint(
                pool,
                "OutsideSubnets",
                "not in a subnet of the rule: "
                    + Conditions.list(
                        outside.stream()
                            .map(seat -> seat.gid().address() + " at " + PortName.of(seat))
                            .distinct()
                            .toList()),
                outside.getFirst().pod()));
  }

  private static void duplicates(String pool, List<Seat> seats, List<Complaint> complaints) {
    SortedMap<String, List<Seat>> byAddress =
        seats.stream()
            .collect(
                Collectors.groupingBy(
                    seat -> seat.gid().address(), TreeMap::new, Collectors.toList()));
    List<String> twice = new ArrayList<>();
    NavigableSet<String> pods = new TreeSet<>();
    byAddress.forEach((address, holders) -> {
      NavigableSet<PortName> names = new TreeSet<>();
      for (Seat one : holders) {
        if (holders.stream().anyMatch(other -> !one.sharesAddressWith(other))) {
          names.add(PortName.of(one));
          pods.add(one.pod());
        }
      }
      if (!names.isEmpty()) {
        twice.add(address + " at " + names(names));
      }
    });
    if (!twice.isEmpty()) {
      complaints.add(
          new Complaint(
              pool,
              "DuplicateAddress",
              "the same address twice: " + Conditions.list(twice),
              pods.first()));
    }
  }

  /** A port as a message names it, once for all containers of a pod that hold it. */
  private record PortName(String pod, PortRef port) implements Comparable<PortName> {
    private static final Comparator<PortName> ORDER =
        Comparator.comparing(PortName::pod).thenComparing(PortName::port);

    static PortName of(Seat seat) {
      return new PortName(seat.pod(), seat.port());
    }

    @Override
    public int compareTo(PortName other) {
      return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
      return pod + " " + port.device() + "/" + port.port();
    }
  }

  private static String names(NavigableSet<PortName> ports) {
    return Conditions.list(ports.stream().map(PortName::toString).toList());
  }
}
