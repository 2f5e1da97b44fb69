package io.rdmagid.deviceplugin.inventory;

import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidType;

/**
 * A table entry as the kernel gives it: with the port, since one call returns those of all ports,
 * and without a name for the netdev, since its number may be one of another network namespace.
 *
 * @param port from 1
 * @param index the slot in the port's table, from 0
 * @param ifindex 0 where the entry has no netdev
 */
public record PortEntry(int port, int index, Gid gid, GidType type, int ifindex) {}
