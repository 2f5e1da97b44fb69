package io.rdmagid.library;

import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;
import io.rdmagid.gid.IpFamily;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * Mooncake's transfer engine, which has three ways to choose. Entries are told apart by their
 * netdev.
 */
public record Mooncake(Engine engine) implements Library {
  private static final int MOST = 255;
  private static final String INDEX = "MC_GID_INDEX";
  private static final String PORT = "MC_IB_PORT";

  /** Which devices are taken where it looks for some by itself; a missing one is no error. */
  private static final String FILTERS = "MC_MS_FILTERS";

  /** What SGLang, vLLM and others hand to its store as the devices. */
  private static final String DEVICES = "MOONCAKE_DEVICE";

  private static final String TRAFFIC_CLASS = "MC_IB_TC";

  /** One above {@link #MOST} is told, too: that it is not taken is then reported. */
  private static final OneNumber NUMBER = new OneNumber(INDEX, Integer.MAX_VALUE);

  /** Which part of Mooncake chooses. */
  public enum Engine {
    /** The transfer engine. */
    CLASSIC,
    /** The next transfer engine, TENT. */
    TENT,
    /** The GPU's own sends; it reads no variables. */
    IBGDA
  }

  @Override
  public String name() {
    return "mooncake";
  }

  @Override
  public String version() {
    return "3b5a594";
  }

  @Override
  public Pick pick(GidTable table, Map<String, String> environment) {
    Optional<Told> told =
        switch (engine) {
          case CLASSIC -> told(environment, INDEX, "NCCL_IB_GID_INDEX");
          case TENT -> told(environment, "NCCL_IB_GID_INDEX", INDEX);
          case IBGDA -> Optional.empty();
        };
    if (told.isPresent()) {
      int index = told.get().index();
      return table.at(index).isPresent()
          ? new Pick.Index(index, told.get().variable() + "=" + index)
          : new Pick.None(told.get().variable() + "=" + index + " is an empty slot");
    }
    Optional<GidEntry> best =
        switch (engine) {
          case CLASSIC -> best(table.entries().filter(e -> isIbOrV2(e, true)), Mooncake::rank);
          case TENT ->
              best(
                  table
                      .entries()
                      .filter(e -> isIbOrV2(e, WireAddress.family(e.gid()) == IpFamily.IPV4)),
                  Mooncake::tentRank);
          case IBGDA ->
              // Multicast is not IPv4 here.
              table
                  .entries()
                  .filter(e -> isIbOrV2(e, e.gid().family() == IpFamily.IPV4))
                  .findFirst();
        };
    if (best.isPresent()) {
      return new Pick.Index(best.get().index(), "the best of its classes");
    }
    return table
        .entries()
        .findFirst()
        .filter(_ -> engine != Engine.IBGDA)
        .<Pick>map(entry -> new Pick.Index(entry.index(), "none of its classes: the first entry"))
        .orElse(new Pick.None("no entry that could be used"));
  }

  @Override
  public Set<String> variables() {
    return Set.of(INDEX, PORT, FILTERS, DEVICES, "MC_MS_AUTO_DISC", "MC_TE_FILTERS");
  }

  @Override
  public Optional<String> trafficClassVariable() {
    return Optional.of(TRAFFIC_CLASS);
  }

  /**
   * It takes one index and one port number for all devices; where they need different ones it is
   * left to itself. MC_MS_AUTO_DISC is not told: 1 would put what it finds over the devices that
   * the program names, and without it it looks where the program names none.
   */
  @Override
  public SortedMap<String, String> emit(List<ChosenPort> ports) {
    ChosenPorts chosen = new ChosenPorts(ports);
    SortedMap<String, String> variables = NUMBER.emit(chosen);
    chosen.portNumber().ifPresent(number -> variables.put(PORT, Integer.toString(number)));
    variables.put(FILTERS, chosen.deviceNames());
    variables.put(DEVICES, chosen.deviceNames());
    return variables;
  }

  private record Told(String variable, int index) {}

  /** The first variable that holds 0 to 255; an empty one holds 0. */
  private static Optional<Told> told(Map<String, String> environment, String... variables) {
    for (String variable : variables) {
      long index =
          environment.containsKey(variable)
              ? LeadingNumber.ofDecimal(environment.getOrDefault(variable, ""))
              : -1;
      if (index >= 0 && index <= MOST) {
        return Optional.of(new Told(variable, (int) index));
      }
    }
    return Optional.empty();
  }

  /** The lowest index of the lowest rank. */
  private static Optional<GidEntry> best(Stream<GidEntry> entries, ToIntFunction<GidEntry> rank) {
    return entries.min(Comparator.comparingInt(rank)); // min keeps the first of equals
  }

  private static int rank(GidEntry entry) {
    boolean netdev = hasNetdev(entry);
    if (entry.type() == GidType.IB) {
      return netdev ? 0 : 1;
    }
    if (WireAddress.isFe80Slash10(entry.gid()) || isOverlay(entry.netdev())) {
      return netdev ? 3 : 5;
    }
    if (isOverlay(entry.gid())) {
      return netdev ? 2 : 4;
    }
    return netdev ? 0 : 1;
  }

  private static int tentRank(GidEntry entry) {
    if (!hasNetdev(entry)) {
      return 2;
    }
    return isOverlay(entry.netdev()) || isOverlay(entry.gid()) ? 1 : 0;
  }

  /** sysfs names the netdev whatever network namespace it stands in. */
  private static boolean hasNetdev(GidEntry entry) {
    return entry.ifindex() != 0 || !entry.netdev().isEmpty();
  }

  /** InfiniBand, or RoCE v2 where the address will do. */
  private static boolean isIbOrV2(GidEntry entry, boolean address) {
    return entry.type() == GidType.IB || (entry.type() == GidType.ROCE_V2 && address);
  }

  private static boolean isOverlay(String netdev) {
    Predicate<String> begins = netdev::startsWith;
    return netdev.equals("tunl0")
        || List.of("flannel", "cni", "calico", "vxlan", "docker").stream().anyMatch(begins);
  }

  /** What Mooncake takes for addresses of overlays: 10/8, 172.16/12 and 100.64/10. */
  private static boolean isOverlay(Gid gid) {
    int address = WireAddress.ipv4(gid);
    return WireAddress.family(gid) == IpFamily.IPV4
        && (address >>> 24 == 10 || address >>> 20 == 0xac1 || address >>> 22 == 0x6440 >>> 6);
  }
}
