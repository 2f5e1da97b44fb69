package io.rdmagid.operator.fact;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.rdmagid.api.table.ShownTable;
import io.rdmagid.api.v1alpha1.Parsed;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidParser;
import io.rdmagid.api.v1alpha1.RdmaGidStatus;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.pool.PortFacts;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A port as its RdmaGid shows it.
 *
 * @param facts with the host's entries that are shown, by index
 * @param mtu the active RDMA MTU in bytes; 0 where it is not known
 * @param unusable the slots whose address no program can use now
 * @param truncated whether there are further entries, of higher indices
 * @param owners the uids of the Nodes that own the object
 * @param pools the names of the pools that its agent says it belongs to
 */
public record PublishedPort(
    PortFacts facts,
    int mtu,
    Set<Integer> unusable,
    boolean truncated,
    Set<String> owners,
    List<String> pools) {
  private static final String ACTIVE = "ACTIVE";
  private static final RdmaGidStatus NOTHING = RdmaGidStatus.builder().build();

  public PublishedPort {
    unusable = Set.copyOf(unusable);
    owners = Set.copyOf(owners);
    pools = List.copyOf(pools);
  }

  /**
   * What the object shows; empty for one that is not understood, as one of a later version. Never
   * throws.
   */
  public static Optional<PublishedPort> of(RdmaGid object) {
    return switch (RdmaGidParser.parse(object)) {
      case Parsed.Invalid _ -> Optional.empty();
      case Parsed.Valid port -> {
        RdmaGidStatus status = object.getStatus() == null ? NOTHING : object.getStatus();
        yield Optional.of(
            new PublishedPort(
                facts(port, status),
                status.mtu() == null ? 0 : status.mtu(),
                Set.copyOf(status.unusable()),
                Boolean.TRUE.equals(status.truncated()),
                owners(object),
                status.pools()));
      }
    };
  }

  private static Set<String> owners(RdmaGid object) {
    return object.getMetadata().getOwnerReferences().stream()
        .filter(owner -> "Node".equals(owner.getKind()))
        .map(OwnerReference::getUid)
        .filter(Objects::nonNull)
        .collect(Collectors.toSet());
  }

  /** The host's entries that a program can use now, by index. */
  public List<GidEntry> usable() {
    return table().usable();
  }

  /** The host's entries, to hold against what an agent reported of them. */
  public ShownTable table() {
    return new ShownTable(facts.gids(), unusable, truncated);
  }

  /** The port with these entries only. */
  public PortFacts usableFacts() {
    return unusable.isEmpty() ? facts : facts.withGids(usable());
  }

  private static PortFacts facts(Parsed.Valid port, RdmaGidStatus status) {
    return new PortFacts(
        port.nodeName(),
        port.device(),
        port.port(),
        text(status.linkLayer()),
        text(status.driver()),
        text(status.vendorID()),
        text(status.deviceID()),
        text(status.pciAddress()),
        text(status.pfName()),
        orMinusOne(status.vfIndex()),
        text(status.netdev()),
        orMinusOne(status.numaNode()),
        status.rateGbps() == null ? 0 : status.rateGbps(),
        ACTIVE.equals(status.state()),
        port.gids());
  }

  private static int orMinusOne(@Nullable Integer number) {
    return number == null ? -1 : number;
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }
}
