package io.rdmagid.deviceplugin.netlink;

import io.rdmagid.deviceplugin.posix.FileDescriptors;
import java.util.EnumSet;
import java.util.Set;

/**
 * Tells when RDMA devices come, go, or get another netdev (rdma-monitor(8)), on kernels that do:
 * {@link RdmaSystem.Known#monitored}. They tell each network namespace of its own devices only. It
 * belongs to the platform thread that made it.
 */
public final class RdmaEvents implements AutoCloseable {
  private static final int RDMA_NL_GROUP_NOTIFY = 4; // rdma/rdma_netlink.h

  private final NetlinkSocket socket;

  /** What an event asks to look at. */
  public enum Event {
    /** Which devices there are, and how they are called. */
    DEVICES,
    /** The netdevs of their ports. */
    NETDEVS
  }

  /**
   * From here the kernel queues events. On one that has none this succeeds, and stays silent.
   *
   * @param descriptors of the same thread
   * @throws NetlinkException if the kernel refuses, EPERM where it wants CAP_NET_ADMIN for this
   */
  public RdmaEvents(FileDescriptors descriptors) {
    this(NetlinkSocket.open(descriptors, NetlinkSocket.RDMA));
  }

  /** The same by a NETLINK_RDMA socket; {@link #close} closes it, and so does a refusal. */
  RdmaEvents(NetlinkSocket socket) {
    this.socket = socket;
    try {
      socket.listen(RDMA_NL_GROUP_NOTIFY);
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
   * Takes all waiting events. Where some were lost, it is as if there had been one of each.
   *
   * @throws NetlinkException if the kernel refuses
   */
  public Set<Event> drain() {
    Set<Event> events = EnumSet.noneOf(Event.class);
    boolean lost = socket.drain(message -> RdmaMessages.event(message).ifPresent(events::add));
    return lost ? EnumSet.allOf(Event.class) : events;
  }

  @Override
  public void close() {
    socket.close();
  }
}
