package io.rdmagid.deviceplugin.inventory;

import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidType;

/**
 * A table entry as the kernel gives it: with the port, since one call returns those of all ports.
 * Its netdev may be one of another network namespace. Verbs give the netdev's number and no name,
 * sysfs its name and no number.
 *
 * @param port from 1
 * @param index the slot in the port's table, from 0
 * @param ifindex the netdev's number in the network namespace that it stands in; 0 where the entry
 *     has no netdev, or where only its name is known
 * @param netdev its name in the same namespace, where the reader was told; else empty
 */
public record PortEntry(int port, int index, Gid gid, GidType type, int ifindex, String netdev) {
  /** Whether it came from a network device. */
  public boolean hasNetdev() {
    return ifindex != 0 || !netdev.isEmpty();
  }
}
