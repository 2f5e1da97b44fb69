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
   * A GID came.
   *
   * @param otherNamespace whether its netdev stands in another network namespace than the agent's
   */
  record EntryAdded(
      String device,
      int port,
      Gid gid,
      GidType type,
      int ifindex,
      int index,
      boolean otherNamespace)
      implements InventoryChange {
    @Override
    public String toString() {
      return entry(device, port, gid, type, otherNamespace) + " added at index " + index;
    }
  }

  /**
   * A GID went.
   *
   * @param otherNamespace whether its netdev stands in another network namespace than the agent's
   */
  record EntryRemoved(
      String device,
      int port,
      Gid gid,
      GidType type,
      int ifindex,
      int index,
      boolean otherNamespace)
      implements InventoryChange {
    @Override
    public String toString() {
      return entry(device, port, gid, type, otherNamespace) + " removed from index " + index;
    }
  }

  /**
   * The same GID, type and netdev stands at another index: whoever uses the old one uses a wrong
   * one.
   *
   * @param otherNamespace whether its netdev stands in another network namespace than the agent's
   */
  record EntryMoved(
      String device,
      int port,
      Gid gid,
      GidType type,
      int ifindex,
      int from,
      int to,
      boolean otherNamespace)
      implements InventoryChange {
    @Override
    public String toString() {
      return entry(device, port, gid, type, otherNamespace)
          + " moved from index "
          + from
          + " to "
          + to;
    }
  }

  private static String entry(
      String device, int port, Gid gid, GidType type, boolean otherNamespace) {
    return device + "/" + port + " " + gid + " " + type.text() + (otherNamespace ? " (pod)" : "");
  }
}
