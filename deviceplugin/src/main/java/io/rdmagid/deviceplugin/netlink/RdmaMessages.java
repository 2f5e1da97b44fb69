package io.rdmagid.deviceplugin.netlink;

import io.rdmagid.deviceplugin.inventory.RdmaNamespaceMode;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads messages of RDMA netlink: rdma/rdma_netlink.h, and what fills them, nldev_sys_get_doit and
 * rdma_nl_notify_event of drivers/infiniband/core/nldev.c. A message is attributes only. Whatever
 * it holds, it gives a value or none.
 */
final class RdmaMessages {
  private static final int RDMA_NL_NLDEV = 5;

  /** RDMA_NL_GET_TYPE(RDMA_NL_NLDEV, RDMA_NLDEV_CMD_SYS_GET), since Linux 5.2. */
  static final short SYS_GET = RDMA_NL_NLDEV << 10 | 6;

  /** RDMA_NL_GET_TYPE(RDMA_NL_NLDEV, RDMA_NLDEV_CMD_MONITOR), since Linux 6.12; events only. */
  static final short MONITOR = RDMA_NL_NLDEV << 10 | 28;

  private static final int SYS_ATTR_NETNS_MODE = 66;
  private static final int ATTR_EVENT_TYPE = 102;
  private static final int SYS_ATTR_MONITOR_MODE = 103;

  private static final int NETNS_MODE_EXCLUSIVE = 0;
  private static final int NETNS_MODE_SHARED = 1;

  // enum rdma_nl_notify_event_type
  private static final int NETDEV_ATTACH_EVENT = 2;
  private static final int NETDEV_DETACH_EVENT = 3;
  private static final int NETDEV_RENAME_EVENT = 5;

  private RdmaMessages() {}

  /** What the kernel says of itself; empty for another message. */
  static Optional<RdmaSystem.Known> system(Message message) {
    if (message.type() != SYS_GET) {
      return Optional.empty();
    }
    RdmaNamespaceMode mode =
        switch (octet(message, SYS_ATTR_NETNS_MODE).orElse(-1)) {
          case NETNS_MODE_SHARED -> RdmaNamespaceMode.SHARED;
          case NETNS_MODE_EXCLUSIVE -> RdmaNamespaceMode.EXCLUSIVE;
          default -> RdmaNamespaceMode.UNKNOWN;
        };
    return Optional.of(
        new RdmaSystem.Known(mode, octet(message, SYS_ATTR_MONITOR_MODE).orElse(0) != 0));
  }

  /** What an event asks to look at; empty for another message. */
  static Optional<RdmaEvents.Event> event(Message message) {
    if (message.type() != MONITOR) {
      return Optional.empty();
    }
    return Optional.of(
        switch (octet(message, ATTR_EVENT_TYPE).orElse(-1)) {
          case NETDEV_ATTACH_EVENT, NETDEV_DETACH_EVENT, NETDEV_RENAME_EVENT ->
              RdmaEvents.Event.NETDEVS;
          // Registered, unregistered, renamed, and what a later kernel may add.
          default -> RdmaEvents.Event.DEVICES;
        });
  }

  private static OptionalInt octet(Message message, int type) {
    for (Attribute attribute = Attribute.at(message.body(), 0);
        attribute.isThere();
        attribute = attribute.next()) {
      if (attribute.type() == type) {
        return attribute.octet();
      }
    }
    return OptionalInt.empty();
  }
}
