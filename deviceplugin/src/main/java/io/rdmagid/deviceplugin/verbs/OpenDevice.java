package io.rdmagid.deviceplugin.verbs;

import io.rdmagid.deviceplugin.inventory.DeviceAttributes;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.inventory.PortEntry;
import java.util.List;

/** An open device context. It belongs to the thread that opened it. */
public interface OpenDevice extends AutoCloseable {
  /** The device. */
  Verbs.DeviceNode node();

  /** Readable when events wait; valid until {@link #close}. */
  int eventDescriptor();

  /** What the device is, and how many ports it has. */
  Reply<Description> describe();

  /**
   * What a port is now.
   *
   * @param port from 1
   */
  Reply<PortAttributes> port(int port);

  /**
   * The GID tables of all ports by one system call: atomic for each port, not across them (the
   * kernel takes each port's lock in turn, drivers/infiniband/core/cache.c).
   *
   * @param slots how many slots the tables of all ports have together
   */
  Reply<List<PortEntry>> table(int slots);

  /**
   * Takes all waiting events.
   *
   * @return {@link Events#REMOVED} if the kernel says that the device is gone for good
   */
  Events drainEvents();

  /** Lets the device go. Some drivers cannot remove a device before that. */
  @Override
  void close();

  /**
   * What a device is.
   *
   * @param ports how many, numbered from 1
   */
  record Description(DeviceAttributes attributes, int ports) {}

  /** What the events say. */
  enum Events {
    /** There was none. */
    NONE,
    /** Something of the device changed. */
    CHANGED,
    /** The device is gone: close it. */
    REMOVED
  }
}
