package io.rdmagid.operator.failover;

import io.rdmagid.api.v1alpha1.AssignmentMapping;
import io.rdmagid.api.v1alpha1.ParsedAssignment;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.assignment.Assignment;
import io.rdmagid.assignment.ContainerVariables;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A pod with an assignment.
 *
 * @param node the name of the Node that it runs on
 * @param pools how its ports are, by the name of their pool
 */
public record HeldPod(PodRef pod, String node, Map<String, Ports> pools) {
  /**
   * The ports of a pod that somebody chose for, of one pool.
   *
   * @param count all of them
   * @param lost those that had an entry that nobody vouches for any more
   * @param lostIfRequired those without an entry that had one if the pool's containers are not made
   *     without: nothing else tells. None in what is decided on
   * @param outdated those of the others in whose container a variable, which nobody can change,
   *     holds something else than the files say
   */
  public record Ports(int count, int lost, int lostIfRequired, int outdated) {
    private static final Ports NONE = new Ports(0, 0, 0, 0);

    private Ports plus(Ports other) {
      return new Ports(
          count + other.count,
          lost + other.lost,
          lostIfRequired + other.lostIfRequired,
          outdated + other.outdated);
    }

    private Ports told(boolean required) {
      return new Ports(count, lost + (required ? lostIfRequired : 0), 0, outdated);
    }
  }

  public HeldPod {
    pools = Map.copyOf(pools);
  }

  /** What an assignment says; empty for one that is not understood. Never throws. */
  public static Optional<HeldPod> of(RdmaGidAssignment object) {
    return switch (AssignmentMapping.parse(object)) {
      case ParsedAssignment.Invalid _ -> Optional.empty();
      case ParsedAssignment.Valid(Assignment assignment) -> Optional.of(of(assignment));
    };
  }

  private static HeldPod of(Assignment assignment) {
    Map<String, Ports> pools = new HashMap<>();
    Map<List<String>, Integer> numbers = new HashMap<>();
    for (AssignedPort port : assignment.ports()) {
      // The agent writes the ports of a container and a pool in the order of their numbers.
      int next = numbers.merge(List.of(port.container(), port.pool()), 1, Integer::sum);
      pools.merge(port.pool(), ports(port, next - 1), Ports::plus);
    }
    return new HeldPod(
        new PodRef(assignment.namespace(), assignment.podName(), assignment.podUid()),
        assignment.nodeName(),
        pools);
  }

  private static Ports ports(AssignedPort port, int number) {
    return switch (port.state()) {
      case PENDING, RELEASED -> Ports.NONE;
      case STALE -> new Ports(1, 1, 0, 0);
      case NONE -> none(port, number);
      case CURRENT -> new Ports(1, 0, 0, port.variables().outdated().isEmpty() ? 0 : 1);
    };
  }

  /**
   * Who never had an entry has none to lose. A container's variables name an entry that it was made
   * with; without variables (no NRI, or the container is not made) it may be that the files of the
   * sandbox, which have been swapped then, named one.
   */
  private static Ports none(AssignedPort port, int number) {
    List<String> injected = port.variables().injected();
    if (injected.contains(ContainerVariables.prefix(port.pool()) + number + "_GID_INDEX")) {
      return new Ports(1, 1, 0, 0);
    }
    return new Ports(1, 0, injected.isEmpty() && port.generation() > 0 ? 1 : 0, 0);
  }

  /**
   * The same, with what the pools tell.
   *
   * @param requiring names of the pools whose containers are not made without an entry
   */
  public HeldPod told(Set<String> requiring) {
    Map<String, Ports> told = new HashMap<>();
    pools.forEach((pool, ports) -> told.put(pool, ports.told(requiring.contains(pool))));
    return new HeldPod(pod, node, told);
  }

  /** Whether a port of that pool is not what the pod was started with. */
  boolean isBroken(String pool) {
    Ports ports = pools.get(pool);
    return ports != null && ports.lost() + ports.outdated() > 0;
  }
}
