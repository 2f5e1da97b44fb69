package io.rdmagid.library;

import io.rdmagid.gid.IpFamily;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The variables that {@link NcclWalk} goes by; NCCL and NVSHMEM have the same under two names. */
final class WalkVariables {
  private static final String INDEX = "GID_INDEX";
  private static final String FAMILY = "ADDR_FAMILY";
  private static final String VERSION = "ROCE_VERSION_NUM";
  private static final String RANGE = "ADDR_RANGE";

  private WalkVariables() {}

  /** Every name that {@link #of} can give, and others. */
  static Set<String> names(String prefix, String... others) {
    Set<String> names = new HashSet<>(List.of(others));
    List.of(INDEX, FAMILY, VERSION, RANGE).forEach(name -> names.add(prefix + name));
    return names;
  }

  /**
   * One index, or family, version and range. The range is the smallest that holds the addresses
   * chosen: the fewer others it admits, the fewer can be taken for them.
   *
   * @param prefix {@code NCCL_IB_} or {@code NVSHMEM_IB_}
   */
  static SortedMap<String, String> of(String prefix, ChosenPorts ports) {
    SortedMap<String, String> variables = new TreeMap<>();
    if (ports.index().isPresent()) {
      variables.put(prefix + INDEX, Integer.toString(ports.index().getAsInt()));
    } else if (!ports.roce().isEmpty()) {
      ChosenPort first = ports.roce().getFirst();
      boolean ipv4 = first.gid().family() == IpFamily.IPV4;
      variables.put(prefix + FAMILY, ipv4 ? "AF_INET" : "AF_INET6");
      variables.put(prefix + VERSION, Integer.toString(WireAddress.roceVersion(first.type())));
      ports.range().ifPresent(range -> variables.put(prefix + RANGE, range.toString()));
    }
    return variables;
  }
}
