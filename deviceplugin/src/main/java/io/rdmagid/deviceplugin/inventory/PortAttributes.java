package io.rdmagid.deviceplugin.inventory;

import io.rdmagid.gid.GidType;
import java.util.Optional;

/**
 * What a port is, apart from its table.
 *
 * @param linkLayer {@code Ethernet} or {@code InfiniBand}
 * @param state {@code DOWN}, {@code INIT}, {@code ARMED}, {@code ACTIVE} or {@code ACTIVE_DEFER}
 * @param physicalState {@code LINK_UP}, {@code DISABLED}, {@code POLLING} and so on; empty where it
 *     is not known
 * @param mtu the active one in bytes; 0 where it is not known
 * @param rateGbps gigabits a second; 0 where it is not known
 * @param gidTableLength slots in the table, filled or not
 * @param defaultRoceMode what rdma_cm takes by default, {@code RoCE v2} or {@code RoCE v1}; empty
 *     where it is not known, as mostly: configfs has to be set up for it
 */
public record PortAttributes(
    String linkLayer,
    String state,
    String physicalState,
    int mtu,
    double rateGbps,
    int gidTableLength,
    String defaultRoceMode) {
  /** The link layer of RoCE. */
  public static final String ETHERNET = "Ethernet";

  /** The link layer of InfiniBand. */
  public static final String INFINIBAND = "InfiniBand";

  /** The state in which a port carries traffic. */
  public static final String ACTIVE = "ACTIVE";

  /** {@link #defaultRoceMode} as a type; empty where it is not known. */
  public Optional<GidType> defaultRoceType() {
    return GidType.fromKernelText(defaultRoceMode);
  }

  /** Whether the port carries traffic. */
  public boolean active() {
    return state.equals(ACTIVE);
  }
}
