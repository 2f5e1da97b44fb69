package io.rdmagid.deviceplugin.inventory;

import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidType;

/**
 * One difference between two inventories. {@link Object#toString} of each is a sentence for logs.
 */
public sealed interface InventoryChange {
  /** A device is new. */
  record DeviceAdded(String device) implements InventoryChange {
    @Override
    public String toString() {
      return "device " + device + " added";
    }
  }

  /** A device is gone. */
  record DeviceRemoved(String device) implements InventoryChange {
    @Override
    public String toString() {
      return "device " + device + " removed";
    }
  }

  /** A device is there, but can no longer be read. */
  record DeviceUnread(String device) implements InventoryChange {
    @Override
    public String toString() {
      return "device " + device + " can no longer be read";
    }
  }

  /** A device, or a port apart from its table, is described differently. */
  record AttributesChanged(String device, int port, String before, String after)
      implements InventoryChange {
    /** The {@link #port} of a change that concerns the device itself. */
    public static final int DEVICE = 0;

    @Override
    public String toString() {
      return (port == DEVICE ? device : device + "/" + port)
          + " changed from "
          + before
          + " to "
          + after;
    }
  }

  /** A GID came. */
  record EntryAdded(String device, int port, Gid gid, GidType type, int ifindex, int index)
      implements InventoryChange {
    @Override
    public String toString() {
      return device + "/" + port + " " + gid + " " + type.text() + " added at index " + index;
    }
  }

  /** A GID went. */
  record EntryRemoved(String device, int port, Gid gid, GidType type, int ifindex, int index)
      implements InventoryChange {
    @Override
    public String toString() {
      return device + "/" + port + " " + gid + " " + type.text() + " removed from index " + index;
    }
  }

  /**
   * The same GID, type and netdev stands at another index: whoever uses the old one uses a wrong
   * one.
   */
  record EntryMoved(String device, int port, Gid gid, GidType type, int ifindex, int from, int to)
      implements InventoryChange {
    @Override
    public String toString() {
      return device
          + "/"
          + port
          + " "
          + gid
          + " "
          + type.text()
          + " moved from index "
          + from
          + " to "
          + to;
    }
  }
}
