package io.rdmagid.gid;

/**
 * One filled slot of a port's GID table.
 *
 * @param index the slot, from 0
 * @param gid never zero: an empty slot is the absence of an entry
 * @param type the entry's type
 * @param ifindex the netdev's number in the network namespace that the netdev stands in; 0 where
 *     the entry has none
 * @param netdev the netdev's name in the reader's network namespace; empty where the entry has
 *     none, or where the netdev stands in another namespace
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
}
