package io.rdmagid.deviceplugin.netlink;

import io.rdmagid.deviceplugin.posix.FileDescriptors;
import java.util.HashSet;
import java.util.Set;

/**
 * Tells which links of a network namespace change, mostly the own, and whose addresses do
 * (rtnetlink(7)). It belongs to the platform thread that made it.
 *
 * <p>The kernel tells of an address before the GID table has it, so this is a hint to look, never a
 * fact.
 */
public final class LinkEvents implements AutoCloseable {
  // enum rtnetlink_groups of linux/rtnetlink.h
  private static final int RTNLGRP_LINK = 1;
  private static final int RTNLGRP_IPV4_IFADDR = 5;
  private static final int RTNLGRP_IPV6_IFADDR = 9;

  private final NetlinkSocket socket;

  /**
   * What changed since the last time.
   *
   * @param ifindexes of links that came, went or changed, or whose addresses did
   * @param lost whether the kernel told of more than there was room for: anything may have changed
   */
  public record Changes(Set<Integer> ifindexes, boolean lost) {
    public Changes {
      ifindexes = Set.copyOf(ifindexes);
    }
  }

  /**
   * From here the kernel queues events.
   *
   * @param descriptors of the same thread
   * @throws NetlinkException if the kernel refuses
   */
  public LinkEvents(FileDescriptors descriptors) {
    this(NetlinkSocket.open(descriptors, NetlinkSocket.ROUTE));
  }

  /** The same in the network namespace that a NETLINK_ROUTE socket was made in. */
  LinkEvents(NetlinkSocket socket) {
    this.socket = socket;
    try {
      socket.listen(RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR);
    } catch (NetlinkException e) {
      socket.close();
      throw e;
    }
  }

  /** To poll; readable while events wait. */
  public int descriptor() {
    return socket.descriptor();
  }

  /**
   * Takes all waiting events.
   *
   * @throws NetlinkException if the kernel refuses
   */
  public Changes drain() {
    return drain(Integer.MAX_VALUE);
  }

  /** The same of at most so many datagrams; {@link #descriptor} stays readable for the rest. */
  Changes drain(int most) {
    Set<Integer> ifindexes = new HashSet<>();
    boolean lost =
        socket.drain(most, message -> NetlinkMessages.changed(message).ifPresent(ifindexes::add));
    return new Changes(ifindexes, lost);
  }

  @Override
  public void close() {
    socket.close();
  }
}
