package io.rdmagid.deviceplugin.observe;

import io.rdmagid.deviceplugin.inventory.Inventory;
import java.time.Instant;

/** Learns of the inventory as it changes. */
@FunctionalInterface
public interface InventoryListener {
  /**
   * Called on the observing thread with the first inventory, then only when something changed; must
   * not block.
   *
   * @param inventory all of it
   * @param eventAt when the first event that led to this reading reached the agent
   * @param readAt when the reading was done
   */
  void changed(Inventory inventory, Instant eventAt, Instant readAt);
}
