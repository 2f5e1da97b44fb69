package io.rdmagid.gid;

/**
 * One filled slot of a port's GID table.
 *
 * @param index the slot, from 0
 * @param gid never zero: an empty slot is the absence of an entry
 * @param type the entry's type
 * @param ifindex the netdev's number in the network namespace that the netdev stands in; 0 where
 *     the entry has none, or where only its name is known, as sysfs gives it
 * @param netdev the netdev's name in the same namespace; empty where the entry has none, or where
 *     it is not known, as of a netdev of another namespace than the reader's
 */
public record GidEntry(int index, Gid gid, GidType type, int ifindex, String netdev) {
  public GidEntry {
    if (index < 0) {
      throw new IllegalArgumentException("an index is not negative: " + index);
    }
    if (ifindex < 0) {
      throw new IllegalArgumentException("an ifindex is not negative: " + ifindex);
    }
    if (gid.isZero()) {
      throw new IllegalArgumentException("slot " + index + " is empty and so no entry");
    }
  }

  /**
   * Whether all that is known of two entries of a port is the same but for the index. The kernel
   * keeps each once in a network namespace: they are of two namespaces, and nobody can tell which
   * is of which.
   */
  public boolean differsByIndexOnly(GidEntry other) {
    return gid.equals(other.gid)
        && type == other.type
        && ifindex == other.ifindex
        && (ifindex != 0 || netdev.equals(other.netdev));
  }
}
