package io.rdmagid.deviceplugin.cluster;

import io.fabric8.kubernetes.api.model.Condition;
import io.rdmagid.api.condition.ConditionStatus;
import io.rdmagid.api.condition.Conditions;
import io.rdmagid.api.v1alpha1.GidRow;
import io.rdmagid.api.v1alpha1.PreferredGid;
import io.rdmagid.api.v1alpha1.RdmaGidStatus;
import io.rdmagid.api.v1alpha1.RdmaGidStatusBuilder;
import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.DeviceAttributes;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.inventory.UnreadDevice;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidSelection;
import io.rdmagid.gid.GidType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the agent says of one port: pure, so that the same port always gives the same status. */
final class PortStatus {
  /** The types of the agent's own conditions. */
  static final String READY = "Ready";

  static final String LIBRARIES_AGREE = "LibrariesAgree";

  /** What the CRD allows in {@code gids}. */
  static final int MOST_GIDS = 256;

  /** What the CRD allows in a text. */
  private static final int MOST_TEXT = 63;

  private static final int DIGEST_BYTES = 8;

  private PortStatus() {}

  /**
   * The status to publish.
   *
   * @param pools what it says of pools
   * @param previous what the server has, for the times of what did not change; null where there is
   *     nothing
   * @param changedAt when the port came to be as it is, if it differs from {@code previous}
   */
  static RdmaGidStatus of(
      Device device,
      Port port,
      PoolFacts pools,
      @Nullable RdmaGidStatus previous,
      Instant changedAt,
      Clock clock) {
    GidSelection selection = port.preferred();
    Optional<GidEntry> preferred = selection.selected();
    LibraryFacts libraries = LibraryFacts.of(device.name(), port, preferred);
    RdmaGidStatus status =
        describe(device.attributes())
            .linkLayer(text(port.attributes().linkLayer()))
            .state(text(port.attributes().state()))
            .physicalState(text(port.attributes().physicalState()))
            .mtu(positive(port.attributes().mtu()))
            .rateGbps(
                port.attributes().rateGbps() > 0 ? (Double) port.attributes().rateGbps() : null)
            .netdev(text(port.netdev()))
            .gidTableLength(port.attributes().gidTableLength())
            .defaultRoceMode(port.attributes().defaultRoceType().map(GidType::text).orElse(null))
            .gids(port.gids().stream().limit(MOST_GIDS).map(GidRow::of).toList())
            .unusable(
                port.gids().stream()
                    .limit(MOST_GIDS)
                    .map(GidEntry::index)
                    .filter(port.unusable()::contains)
                    .toList())
            .gidCount(port.gids().size())
            .podGidCount(port.podGidCount())
            .truncated(port.gids().size() > MOST_GIDS)
            .digest(digest(device.attributes(), port))
            .preferred(preferred.map(PreferredGid::of).orElse(null))
            .picks(libraries.picks())
            .pools(pools.pools())
            .conditions(
                conditions(
                    pools,
                    ready(port, selection, previous, clock),
                    librariesAgree(libraries, preferred, previous, clock)))
            .build();
    return status.toBuilder().lastChangeTime(lastChange(status, previous, changedAt)).build();
  }

  /**
   * The status of a port of a device that cannot be read, with nothing of its table: what was
   * published of it once need not be true any more.
   */
  static RdmaGidStatus of(
      UnreadDevice device,
      PoolFacts pools,
      @Nullable RdmaGidStatus previous,
      Instant changedAt,
      Clock clock) {
    RdmaGidStatus status =
        describe(device.attributes())
            .pools(pools.pools())
            .conditions(
                conditions(
                    pools,
                    condition(
                        before(previous),
                        READY,
                        false,
                        device.cause().text(),
                        device.reason(),
                        clock)))
            .build();
    return status.toBuilder().lastChangeTime(lastChange(status, previous, changedAt)).build();
  }

  private static List<Condition> conditions(PoolFacts pools, Condition... others) {
    return Stream.concat(Stream.of(others), pools.offered().stream()).toList();
  }

  private static RdmaGidStatusBuilder describe(DeviceAttributes device) {
    return RdmaGidStatus.builder()
        .numaNode(fromZero(device.numaNode()))
        .pciAddress(text(device.pciAddress()))
        .pfName(text(device.pfName()))
        .vfIndex(fromZero(device.vfIndex()))
        .driver(text(device.driver()))
        .vendorID(text(device.vendorId()))
        .deviceID(text(device.deviceId()))
        .firmware(text(device.firmware()))
        .nodeGuid(text(device.nodeGuid()));
  }

  /** Whether a status says that the port can be used. */
  private static boolean isReady(@Nullable RdmaGidStatus status) {
    return status != null
        && Conditions.find(status.conditions(), READY)
            .filter(condition -> ConditionStatus.TRUE.text().equals(condition.getStatus()))
            .isPresent();
  }

  private static String lastChange(
      RdmaGidStatus status, @Nullable RdmaGidStatus previous, Instant changedAt) {
    if (previous != null && previous.lastChangeTime() != null && sameFacts(status, previous)) {
      return previous.lastChangeTime();
    }
    return changedAt.toString();
  }

  /** Whether two statuses say the same, times and the conditions of others apart. */
  static boolean sameFacts(RdmaGidStatus one, RdmaGidStatus other) {
    return facts(one).equals(facts(other));
  }

  /** What kind of difference there is between what was said of a port and what is to be said. */
  static WritePace.Difference difference(@Nullable RdmaGidStatus said, RdmaGidStatus status) {
    if (isReady(said) && !isReady(status)) {
      return WritePace.Difference.WORSE;
    }
    return said != null && differInPoolsOnly(said, status)
        ? WritePace.Difference.POOLS
        : WritePace.Difference.OTHER;
  }

  /** Whether two statuses differ, and in nothing but what pools make of the port. */
  private static boolean differInPoolsOnly(RdmaGidStatus one, RdmaGidStatus other) {
    Facts former = facts(one);
    Facts next = facts(other);
    return !former.equals(next) && former.ofPort().equals(next.ofPort());
  }

  private record Facts(
      RdmaGidStatus status, List<String> ready, List<String> librariesAgree, List<String> offered) {
    /** Those that are no matter of pools. */
    Facts ofPort() {
      return new Facts(
          status.toBuilder().pools(List.of()).build(), ready, librariesAgree, List.of());
    }
  }

  private static Facts facts(RdmaGidStatus status) {
    return new Facts(
        status.toBuilder().lastChangeTime(null).conditions(List.of()).build(),
        said(status, READY),
        said(status, LIBRARIES_AGREE),
        said(status, PoolFacts.OFFERED));
  }

  /** What a condition says, its times apart. */
  private static List<String> said(RdmaGidStatus status, String type) {
    return Conditions.find(status.conditions(), type)
        .map(condition ->
            Arrays.asList(condition.getStatus(), condition.getReason(), condition.getMessage()))
        .orElse(List.of());
  }

  private static Condition ready(
      Port port, GidSelection selection, @Nullable RdmaGidStatus previous, Clock clock) {
    List<Condition> before = before(previous);
    if (!port.attributes().active()) {
      return condition(
          before, READY, false, "PortDown", "the port is " + port.attributes().state(), clock);
    }
    return switch (selection) {
      case GidSelection.NoMatch none ->
          condition(before, READY, false, "NoUsableGid", none.reason().text(), clock);
      case GidSelection.Ambiguous ambiguous ->
          condition(before, READY, false, "AmbiguousGid", ambiguous.text(), clock);
      case GidSelection.Selected(GidEntry entry) ->
          condition(
              before,
              READY,
              true,
              "Usable",
              "index " + entry.index() + " has " + entry.gid().address(),
              clock);
    };
  }

  private static Condition condition(
      List<Condition> before,
      String type,
      boolean status,
      String reason,
      String message,
      Clock clock) {
    return Conditions.next(before, type, ConditionStatus.of(status), reason, message, null, clock);
  }

  /** False only where a library, with all that it is told, still lands elsewhere. */
  private static Condition librariesAgree(
      LibraryFacts libraries,
      Optional<GidEntry> preferred,
      @Nullable RdmaGidStatus previous,
      Clock clock) {
    boolean agree = libraries.elsewhere().isEmpty();
    String told = preferred.map(entry -> "told to take index " + entry.index() + ", ").orElse("");
    return condition(
        before(previous),
        LIBRARIES_AGREE,
        agree,
        agree ? "AllLand" : "SomeLandElsewhere",
        agree
            ? "no library that is told lands elsewhere"
            : told + String.join(", ", libraries.elsewhere()),
        clock);
  }

  private static List<Condition> before(@Nullable RdmaGidStatus previous) {
    return previous == null ? List.of() : previous.conditions();
  }

  /**
   * A short name of what is published of a port, so that two nodes' views can be compared at a
   * glance: all but what pods' entries have a part in.
   */
  private static String digest(DeviceAttributes device, Port port) {
    PortAttributes attributes = port.attributes();
    String content =
        String.join(
            "\0",
            device.toString(),
            attributes.toString(),
            port.netdev(),
            port.gids().toString() + new TreeSet<>(port.unusable()));
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, DIGEST_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static @Nullable String text(String text) {
    return text.isEmpty() ? null : text.substring(0, Math.min(text.length(), MOST_TEXT));
  }

  private static @Nullable Integer positive(int number) {
    return number > 0 ? (Integer) number : null;
  }

  private static @Nullable Integer fromZero(int number) {
    return number >= 0 ? (Integer) number : null;
  }
}
