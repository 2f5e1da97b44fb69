package io.rdmagid.operator.group;

import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidScope;
import io.rdmagid.gid.GidType;
import io.rdmagid.gid.IpSubnet;
import io.rdmagid.pool.PortRef;
import java.util.List;

/**
 * A port that a pod of a job has an index of, with what is known of it.
 *
 * @param pod the pod's name, which no other pod of the job has
 * @param pool the pool that the port was asked of
 * @param index the slot of the port's table
 * @param scope whose entries counted
 * @param linkLayer of the port; empty where it is not known
 * @param mtu of the port in bytes; 0 where it is not known
 * @param subnets of the pool's rule; empty for any, or where it has none now
 * @param former whether another rule chose, which the pool had before
 */
record Seat(
    String pod,
    String pool,
    PortRef port,
    int index,
    Gid gid,
    GidType type,
    GidScope scope,
    String linkLayer,
    int mtu,
    List<IpSubnet> subnets,
    boolean former) {
  Seat {
    subnets = List.copyOf(subnets);
  }

  /**
   * Whether one address at both is one address of one network namespace, as far as is known: of one
   * pod, of one host, or of one slot, which pods with the host's network share.
   */
  boolean sharesAddressWith(Seat other) {
    if (pod.equals(other.pod)) {
      return true;
    }
    boolean oneHost = scope == GidScope.HOST && other.scope == GidScope.HOST;
    // Of two types a port has an address twice.
    boolean oneSlot = port.equals(other.port) && (index == other.index || type != other.type);
    return port.node().equals(other.port.node()) && (oneHost || oneSlot);
  }
}
