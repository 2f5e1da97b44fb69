package io.rdmagid.deviceplugin.verbs;

import io.rdmagid.deviceplugin.inventory.DeviceAttributes;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.inventory.PortEntry;
import io.rdmagid.deviceplugin.inventory.ReadBy;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** An open device context. It belongs to the thread that opened it. */
public interface OpenDevice extends AutoCloseable {
  /** The device. */
  Verbs.DeviceNode node();

  /** Readable when events wait; valid until {@link #close}; empty where none ever come. */
  OptionalInt eventDescriptor();

  /** What the device is, and how many ports it has. */
  Reply<Description> describe();

  /**
   * What a port is now.
   *
   * @param port from 1
   */
  Reply<PortAttributes> port(int port);

  /**
   * The GID tables of all ports. By one system call it is atomic for each port, not across them
   * (the kernel takes each port's lock in turn, drivers/infiniband/core/cache.c); by any other way
   * it is so for a slot only. What changes meanwhile sends an event, and is read again for that.
   *
   * @param ports all of the device by number, as {@link #port} gave them
   */
  Reply<Tables> tables(Map<Integer, PortAttributes> ports);

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

  /**
   * What a reading gave.
   *
   * @param entries of all ports
   */
  record Tables(List<PortEntry> entries, ReadBy readBy) {
    public Tables {
      entries = List.copyOf(entries);
    }
  }

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
