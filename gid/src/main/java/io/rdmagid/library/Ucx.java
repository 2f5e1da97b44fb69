package io.rdmagid.library;

import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.IpFamily;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** UCX since 1.21. It fails where it is told what it cannot do. */
public record Ucx() implements Library {
  private static final String INDEX = "UCX_IB_GID_INDEX";
  private static final String SUBNETS = "UCX_IB_ROCE_SUBNETS";
  private static final String DEVICES = "UCX_NET_DEVICES";
  private static final String TRAFFIC_CLASS = "UCX_IB_TRAFFIC_CLASS";

  /** {@code gid_index} has 8 bits. */
  private static final int LONGEST = 256;

  @Override
  public String name() {
    return "ucx";
  }

  @Override
  public String version() {
    return "1.23";
  }

  @Override
  public Pick pick(GidTable table, Map<String, String> environment) {
    String index = environment.getOrDefault(INDEX, "auto");
    boolean auto = index.equals("auto");
    if (!auto && !index.matches("-?\\d{1,9}|inf")) {
      return new Pick.None(INDEX + " is no number, inf or auto: '" + index + "'");
    }
    int told = auto ? 0 : index.equals("inf") ? -1 : Integer.parseInt(index);
    if (told < 0 || told >= table.length()) {
      return new Pick.None("ibv_query_gid of index " + told + " fails");
    }
    if (!table.infiniBand() && table.gidAt(told).low() == 0) {
      return new Pick.None("slot " + told + " has no interface id, and UCX leaves the port out");
    }
    if (!auto) {
      return environment.containsKey(SUBNETS) && !table.infiniBand()
          ? new Pick.None(SUBNETS + " excludes an index")
          : new Pick.Index(told, INDEX + "=" + index);
    }
    return table.infiniBand() ? ofInfiniBand(table) : ofRoce(table, environment.get(SUBNETS));
  }

  @Override
  public Set<String> variables() {
    return Set.of(INDEX, SUBNETS, DEVICES);
  }

  @Override
  public Optional<String> trafficClassVariable() {
    return Optional.of(TRAFFIC_CLASS);
  }

  /**
   * Subnets admit the addresses chosen and no other; an index and subnets exclude each other. Of an
   * InfiniBand port UCX takes the subnets for nothing.
   */
  @Override
  public SortedMap<String, String> emit(List<ChosenPort> ports) {
    ChosenPorts chosen = new ChosenPorts(ports);
    SortedMap<String, String> variables = new TreeMap<>();
    variables.put(DEVICES, chosen.names());
    if (chosen.index().isPresent()) {
      variables.put(INDEX, Integer.toString(chosen.index().getAsInt()));
    } else if (!chosen.roce().isEmpty()) {
      variables.put(SUBNETS, chosen.addresses());
    }
    return variables;
  }

  /** Slot 1 where it has the FLID of a router, after fec0 and with OpenIB's OUI 00:14:05. */
  private static Pick ofInfiniBand(GidTable table) {
    Gid gid = table.gidAt(1);
    boolean flid =
        gid.high() >>> 48 == 0xfec0 && gid.low() >>> 40 == 0x001405 && WireAddress.flid(gid) != 0;
    return RouterFlid.pick(flid);
  }

  private static Pick ofRoce(GidTable table, @Nullable String subnets) {
    Predicate<Gid> filter = _ -> true;
    if (subnets != null) {
      Optional<UcxSubnets> parsed = UcxSubnets.parse(subnets);
      if (parsed.isEmpty()) {
        return new Pick.None(SUBNETS + " cannot be read: '" + subnets + "'");
      }
      filter = parsed.get()::admits;
    }
    for (int version = 2; version >= 1; version--) {
      for (Kind kind : Kind.values()) {
        for (GidEntry entry : table.entries().filter(e -> e.index() < LONGEST).toList()) {
          Gid gid = entry.gid();
          if (gid.low() != 0
              && WireAddress.roceVersion(entry.type()) == version
              && Kind.of(gid) == kind
              && filter.test(gid)
              && table.hasHandle(entry.index())) {
            return new Pick.Index(
                entry.index(), "the first RoCE v" + version + " " + kind.text + " GID");
          }
        }
      }
    }
    if (subnets != null) {
      return new Pick.None("no GID that " + SUBNETS + " admits");
    }
    // What was looked at last decides whether this is an error.
    return table.at(table.length() - 1).isPresent()
        ? new Pick.Index(0, "no GID with an address handle: it falls back to slot 0")
        : new Pick.None("no GID with an address handle");
  }

  /** In UCX's order. */
  private enum Kind {
    IPV4("IPv4"),
    IPV6("IPv6"),
    IPV6_LINK_LOCAL("link-local");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    static Kind of(Gid gid) {
      if (WireAddress.family(gid) == IpFamily.IPV4) {
        return IPV4;
      }
      return WireAddress.isFe80Slash10(gid) ? IPV6_LINK_LOCAL : IPV6;
    }
  }
}
