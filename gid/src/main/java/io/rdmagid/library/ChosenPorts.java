package io.rdmagid.library;

import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidType;
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

  /** The names of their devices, each once. */
  List<String> devices() {
    return ports.stream().map(ChosenPort::device).distinct().toList();
  }

  /** {@code mlx5_0,mlx5_1}, each device once. */
  String deviceNames() {
    return String.join(",", devices());
  }

  /** What the names of all devices begin with, without a number at its end; may be empty. */
  String devicePrefix() {
    String prefix = devices().getFirst();
    for (String name : devices()) {
      int common = 0;
      while (common < Math.min(prefix.length(), name.length())
          && prefix.charAt(common) == name.charAt(common)) {
        common++;
      }
      prefix = prefix.substring(0, common);
    }
    return prefix.replaceFirst("\\d+$", "");
  }

  /** The port number that is right on all of them. */
  OptionalInt portNumber() {
    int number = ports.getFirst().port();
    return ports.stream().allMatch(port -> port.port() == number)
        ? OptionalInt.of(number)
        : OptionalInt.empty();
  }

  /** Those of RoCE: what goes by addresses says nothing about InfiniBand. */
  List<ChosenPort> roce() {
    return ports.stream().filter(port -> port.type() != GidType.IB).toList();
  }

  /** The index that is right on all of them. */
  OptionalInt index() {
    int index = ports.getFirst().index();
    return ports.stream().allMatch(port -> port.index() == index)
        ? OptionalInt.of(index)
        : OptionalInt.empty();
  }

  /**
   * The smallest range that holds the addresses of all RoCE ports; empty where there is none, or
   * where they are of two families.
   */
  Optional<IpSubnet> range() {
    List<Gid> gids = roce().stream().map(ChosenPort::gid).toList();
    if (gids.stream().map(Gid::family).distinct().count() != 1) {
      return Optional.empty();
    }
    IpSubnet range = IpSubnet.of(gids.getFirst());
    for (Gid gid : gids) {
      range = range.with(gid);
    }
    return Optional.of(range);
  }

  /** The addresses of RoCE ports, each as a range of its own. */
  String addresses() {
    return roce().stream()
        .map(port -> IpSubnet.of(port.gid()).toString())
        .distinct()
        .collect(Collectors.joining(","));
  }
}
