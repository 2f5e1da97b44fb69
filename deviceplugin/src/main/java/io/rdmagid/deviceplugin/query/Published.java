package io.rdmagid.deviceplugin.query;

import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.wire.Revision;
import io.rdmagid.deviceplugin.wire.TableMapping;
import io.rdmagid.proto.gidtable.Table;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A reading that clients can ask for. Its table is made as a message when the first one does, and
 * then serves all. Safe for use by any thread.
 */
final class Published {
  private final Inventory inventory;
  private final Revision revision;
  private @Nullable Table table;

  Published(Inventory inventory, Revision revision) {
    this.inventory = inventory;
    this.revision = revision;
  }

  /** The same reading where clients are told this of it; itself where that is no more. */
  Published as(UnaryOperator<Inventory> told) {
    Inventory whole = told.apply(inventory);
    return whole.equals(inventory) ? this : new Published(whole, revision);
  }

  Inventory inventory() {
    return inventory;
  }

  Revision revision() {
    return revision;
  }

  synchronized Table table() {
    if (table == null) {
      table = TableMapping.table(inventory, revision);
    }
    return table;
  }
}
