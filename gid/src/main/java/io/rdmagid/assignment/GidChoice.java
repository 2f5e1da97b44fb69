package io.rdmagid.assignment;

import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;

/**
 * The entry chosen of a port's table.
 *
 * @param index the slot, from 0
 * @param netdev the network device's name in the network namespace of the pod; empty where the
 *     entry has none
 */
public record GidChoice(int index, Gid gid, GidType type, String netdev) {
  public GidChoice {
    if (index < 0) {
      throw new IllegalArgumentException("an index is not negative: " + index);
    }
    if (gid.isZero()) {
      throw new IllegalArgumentException("slot " + index + " is empty and so no choice");
    }
  }

  /** The choice of an entry as the pod's network namespace shows it. */
  public static GidChoice of(GidEntry entry) {
    return new GidChoice(entry.index(), entry.gid(), entry.type(), entry.netdev());
  }

  /** The IP address that the GID carries, as people write it. */
  public String address() {
    return gid.address();
  }
}
