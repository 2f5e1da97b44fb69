package io.rdmagid.pool;

import java.util.Comparator;

/**
 * The name of a port in the cluster. Ordered by node, device and number.
 *
 * @param node the Node's name
 * @param device the RDMA device's name, such as mlx5_0
 * @param port the port's number on its device, from 1
 */
public record PortRef(String node, String device, int port) implements Comparable<PortRef> {
  private static final Comparator<PortRef> ORDER =
      Comparator.comparing(PortRef::node)
          .thenComparing(PortRef::device)
          .thenComparingInt(PortRef::port);

  @Override
  public int compareTo(PortRef other) {
    return ORDER.compare(this, other);
  }

  /** For people: {@code node/device/port}. */
  @Override
  public String toString() {
    return node + "/" + device + "/" + port;
  }
}
