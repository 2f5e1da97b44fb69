package io.rdmagid.operator.failover;

import io.rdmagid.api.v1alpha1.AssignmentMapping;
import io.rdmagid.api.v1alpha1.ParsedAssignment;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.assignment.Assignment;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

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
   * @param lost those that nobody vouches for an entry of
   * @param outdated those of the others in whose container a variable, which nobody can change,
   *     holds something else than the files say
   */
  public record Ports(int count, int lost, int outdated) {
    private static final Ports NONE = new Ports(0, 0, 0);

    private Ports plus(Ports other) {
      return new Ports(count + other.count, lost + other.lost, outdated + other.outdated);
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
    for (AssignedPort port : assignment.ports()) {
      pools.merge(port.pool(), ports(port), Ports::plus);
    }
    return new HeldPod(
        new PodRef(assignment.namespace(), assignment.podName(), assignment.podUid()),
        assignment.nodeName(),
        pools);
  }

  private static Ports ports(AssignedPort port) {
    return switch (port.state()) {
      case PENDING, RELEASED -> Ports.NONE;
      case STALE, NONE -> new Ports(1, 1, 0);
      case CURRENT -> new Ports(1, 0, port.variables().outdated().isEmpty() ? 0 : 1);
    };
  }

  /** Whether a port of that pool is not what the pod was started with. */
  boolean isBroken(String pool) {
    Ports ports = pools.get(pool);
    return ports != null && ports.lost() + ports.outdated() > 0;
  }
}
