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

  /**
   * A device is there, but cannot be read, or no longer, or for another reason than before.
   *
   * @param reason for people, without a full stop; empty where nobody says
   */
  record DeviceUnread(String device, String reason) implements InventoryChange {
    @Override
    public String toString() {
      return "device " + device + " cannot be read" + (reason.isEmpty() ? "" : ": " + reason);
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

  /**
   * What stays the same of an entry that moves to another slot.
   *
   * @param ifindex of its netdev; 0 where that has no number
   * @param otherNamespace whether its netdev stands in another network namespace than the agent's
   */
  record Entry(
      String device, int port, Gid gid, GidType type, int ifindex, boolean otherNamespace) {
    @Override
    public String toString() {
      return device + "/" + port + " " + gid + " " + type.text() + (otherNamespace ? " (pod)" : "");
    }
  }

  /** A GID came. */
  record EntryAdded(Entry entry, int index) implements InventoryChange {
    @Override
    public String toString() {
      return entry + " added at index " + index;
    }
  }

  /** A GID went. */
  record EntryRemoved(Entry entry, int index) implements InventoryChange {
    @Override
    public String toString() {
      return entry + " removed from index " + index;
    }
  }

  /**
   * The same GID, type and netdev stands at another index: whoever uses the old one uses a wrong
   * one.
   */
  record EntryMoved(Entry entry, int from, int to) implements InventoryChange {
    @Override
    public String toString() {
      return entry + " moved from index " + from + " to " + to;
    }
  }
}
