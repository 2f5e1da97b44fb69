package io.rdmagid.library;

import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;
import io.rdmagid.gid.IpFamily;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * Mooncake's transfer engine, which has three ways to choose. Entries are told apart by their
 * netdev.
 */
public record Mooncake(Engine engine) implements Library {
  private static final int MOST = 255;

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
  public Pick pick(GidTable table, Map<String, String> environment) {
    Optional<Integer> told =
        switch (engine) {
          case CLASSIC -> told(environment, "MC_GID_INDEX", "NCCL_IB_GID_INDEX");
          case TENT -> told(environment, "NCCL_IB_GID_INDEX", "MC_GID_INDEX");
          case IBGDA -> Optional.empty();
        };
    if (told.isPresent()) {
      return table.at(told.get()).isPresent()
          ? new Pick.Index(told.get())
          : new Pick.None("slot " + told.get() + " is empty");
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
    return best.or(() -> engine == Engine.IBGDA ? Optional.empty() : table.entries().findFirst())
        .<Pick>map(entry -> new Pick.Index(entry.index()))
        .orElse(new Pick.None("no entry that could be used"));
  }

  /** The first variable that holds 0 to 255; an empty one holds 0. */
  private static Optional<Integer> told(Map<String, String> environment, String... variables) {
    return Stream.of(variables)
        .map(environment::get)
        .filter(Objects::nonNull)
        .map(LeadingNumber::ofDecimal)
        .filter(index -> index >= 0 && index <= MOST)
        .map(Long::intValue)
        .findFirst();
  }

  /** The lowest index of the lowest rank. */
  private static Optional<GidEntry> best(Stream<GidEntry> entries, ToIntFunction<GidEntry> rank) {
    return entries.min(Comparator.comparingInt(rank)); // min keeps the first of equals
  }

  private static int rank(GidEntry entry) {
    boolean netdev = !entry.netdev().isEmpty();
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
    if (entry.netdev().isEmpty()) {
      return 2;
    }
    return isOverlay(entry.netdev()) || isOverlay(entry.gid()) ? 1 : 0;
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
