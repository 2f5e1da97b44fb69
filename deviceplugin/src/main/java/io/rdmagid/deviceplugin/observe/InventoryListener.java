package io.rdmagid.deviceplugin.observe;

import io.rdmagid.deviceplugin.inventory.Inventory;
import java.time.Instant;
import java.util.List;

/** Learns of the inventory as it changes. Called on the observing thread; must not block. */
@FunctionalInterface
public interface InventoryListener {
  /**
   * Called with the first inventory, then only when something changed.
   *
   * @param inventory all of it
   * @param eventAt when the first event that led to this reading reached the agent
   * @param readAt when the reading was done
   */
  void changed(Inventory inventory, Instant eventAt, Instant readAt);

  /**
   * It was looked which devices there are, and the inventory is as it was told last: after an event
   * of the folder of device nodes, which has other nodes, too, and now and then without one.
   */
  default void looked() {}

  /**
   * The system refuses a call, and the inventory cannot say so: nobody knows which devices there
   * are, or an earlier reading of a device stands and may be out of date. Told again only for
   * another reason.
   *
   * @param reason a sentence with what can be done about it, where that is known
   */
  default void refused(String reason) {}

  /**
   * A recording turned invalid, or is invalid in another way now, and the inventory stays as it
   * was; or it is sound again, though perhaps with the same inventory.
   *
   * @param problems by path; none where the recording is sound again
   */
  default void problems(List<String> problems) {}

  /**
   * A recording of a folder is gone. It is the last that is told: one of its name that comes later
   * is another.
   */
  default void gone() {}
}
