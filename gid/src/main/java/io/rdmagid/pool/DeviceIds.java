package io.rdmagid.pool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ids under which a node offers the ports of a pool to its kubelet.
 *
 * @param ids at most {@value #MOST}
 * @param cut how many more there would be
 */
public record DeviceIds(List<DeviceId> ids, int cut) {
  /** The most ids that a node offers of a pool. */
  public static final int MOST = 4096;

  private static final Pattern SHARED =
      Pattern.compile("(?<device>.+):(?<port>\\d{1,3})::(?<n>\\d{1,4})");

  public DeviceIds {
    ids = List.copyOf(ids);
  }

  /**
   * One id and the port that it stands for.
   *
   * @param id a PCI address, or {@code <device>:<port>::<n>} with n from 0
   */
  public record DeviceId(String id, PortRef port) {}

  /**
   * The ids of a pool's ports: the PCI address where one pod has a port and nothing else of the
   * node has that address (other ports of the device, and subfunctions, share it), else a number
   * for each pod. Of more than {@value #MOST} every port keeps its first ones.
   *
   * @param podsPerPort how many pods share a port
   * @param poolPorts the ports of this node that the pool has, in any order
   * @param nodePorts all ports of this node
   */
  public static DeviceIds of(
      int podsPerPort, Collection<PortFacts> poolPorts, Collection<PortFacts> nodePorts) {
    List<PortFacts> inOrder =
        poolPorts.stream().sorted(Comparator.comparing(PortFacts::ref)).toList();
    List<DeviceId> ids = new ArrayList<>();
    for (int n = 0; n < podsPerPort; n++) {
      for (PortFacts port : inOrder) {
        boolean alone = podsPerPort == 1 && at(port.pciAddress(), nodePorts).size() == 1;
        String id = alone ? port.pciAddress() : port.device() + ":" + port.port() + "::" + n;
        ids.add(new DeviceId(id, port.ref()));
      }
    }
    int kept = Math.min(ids.size(), MOST);
    return new DeviceIds(ids.subList(0, kept), ids.size() - kept);
  }

  /**
   * The port that an id of {@link #of} stands for, whatever the pool is like by now: the kubelet
   * keeps ids over restarts.
   *
   * @param nodePorts all ports of this node
   * @return empty for what is no such id, or one of a port that the node does not have
   */
  public static Optional<PortRef> portOf(String id, Collection<PortFacts> nodePorts) {
    Matcher shared = SHARED.matcher(id);
    if (!shared.matches()) {
      List<PortFacts> ports = at(id, nodePorts);
      return ports.size() == 1 ? Optional.of(ports.getFirst().ref()) : Optional.empty();
    }
    String device = shared.group("device");
    int port = Integer.parseInt(shared.group("port"));
    return nodePorts.stream()
        .map(PortFacts::ref)
        .filter(ref -> ref.device().equals(device) && ref.port() == port)
        .findFirst();
  }

  private static List<PortFacts> at(String pciAddress, Collection<PortFacts> ports) {
    return ports.stream()
        .filter(port -> !pciAddress.isEmpty() && port.pciAddress().equals(pciAddress))
        .toList();
  }
}
