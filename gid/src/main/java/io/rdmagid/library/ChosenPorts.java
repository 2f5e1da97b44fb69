package io.rdmagid.library;

import io.rdmagid.gid.Gid;
import io.rdmagid.gid.IpFamily;
import io.rdmagid.gid.IpSubnet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** What the ports of one program have in common. */
record ChosenPorts(List<ChosenPort> ports) {
  ChosenPorts {
    if (ports.isEmpty()) {
      throw new IllegalArgumentException("a program without a port needs no variables");
    }
    ports = List.copyOf(ports);
  }

  /** {@code mlx5_0:1,mlx5_1:1}, each port once. */
  String names() {
    return ports.stream()
        .map(port -> port.device() + ":" + port.port())
        .distinct()
        .collect(Collectors.joining(","));
  }

  ChosenPort first() {
    return ports.getFirst();
  }

  /** The index that is right on all of them. */
  OptionalInt index() {
    int index = first().index();
    return ports.stream().allMatch(port -> port.index() == index)
        ? OptionalInt.of(index)
        : OptionalInt.empty();
  }

  /** The smallest range that holds the addresses of all; empty where they are of two families. */
  Optional<IpSubnet> range() {
    IpFamily family = first().gid().family();
    if (ports.stream().anyMatch(port -> port.gid().family() != family)) {
      return Optional.empty();
    }
    IpSubnet range = IpSubnet.of(first().gid());
    for (ChosenPort port : ports) {
      range = range.with(port.gid());
    }
    return Optional.of(range);
  }

  /** The addresses, each as a range of its own. */
  String addresses() {
    return ports.stream()
        .map(ChosenPort::gid)
        .distinct()
        .map(Gid::address)
        .map(address -> address + (address.indexOf(':') < 0 ? "/32" : "/128"))
        .collect(Collectors.joining(","));
  }
}
