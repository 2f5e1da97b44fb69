package io.rdmagid.deviceplugin.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.rdmagid.deviceplugin.Recordings;
import io.rdmagid.deviceplugin.Tables;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.proto.gidtable.Changes;
import io.rdmagid.proto.gidtable.RdmaDevice;
import io.rdmagid.proto.gidtable.Table;
import io.rdmagid.proto.gidtable.TableEntry;
import java.time.Instant;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class TableMappingTest {
  private static final Instant EVENT = Instant.parse("2026-03-01T12:00:00.000000001Z");
  private static final Instant READ = Instant.parse("2026-03-01T12:00:00.000200003Z");
  private static final Revision REVISION = new Revision(7, EVENT, READ);

  @Property
  void anInventoryComesBackAsItWas(@ForAll long seed) throws InvalidProtocolBufferException {
    Inventory inventory = new Inventories(seed).next();

    Table table = Table.parseFrom(TableMapping.table(inventory, REVISION).toByteArray());

    assertThat(TableMapping.inventory(table)).isEqualTo(inventory);
    assertThat(table.getRevision()).isEqualTo(7);
    assertThat(TableMapping.instant(table.getEventTime())).isEqualTo(EVENT);
    assertThat(TableMapping.instant(table.getReadTime())).isEqualTo(READ);
  }

  @Property
  void whoeverFollowsTheChangesHasTheNextInventory(@ForAll long seed)
      throws InvalidProtocolBufferException {
    Inventories inventories = new Inventories(seed);
    Inventory before = inventories.next();
    Inventory after = inventories.next();

    Changes changes =
        Changes.parseFrom(TableMapping.changes(before, after, REVISION).build().toByteArray());

    assertThat(TableMapping.after(before, changes)).isEqualTo(after);
  }

  @Example
  void whatDoesNotDifferIsNotTold() {
    Inventory inventory = Tables.of(Recordings.twoPorts());

    Changes changes = TableMapping.changes(inventory, inventory, REVISION).build();

    assertThat(changes.getDevicesList()).isEmpty();
    assertThat(changes.getDroppedList()).isEmpty();
  }

  @Example
  void aTypeOfANewerAgentIsRefused() {
    assertRefused(entry().setTypeValue(99), "slot 3 is of type 99");
    assertRefused(entry().clearType(), "slot 3 is of type 0");
  }

  @Example
  void whatIsNoGidIsRefused() {
    assertRefused(entry().setGid(ByteString.copyFrom(new byte[15])), "16 bytes");
    assertRefused(entry().setGid(ByteString.copyFrom(new byte[16])), "slot 3 is empty");
  }

  @Example
  void aWayOfReadingThatIsUnknownIsRefused() {
    Table table = Table.newBuilder().addDevices(RdmaDevice.newBuilder().setName("a")).build();

    assertThatThrownBy(() -> TableMapping.inventory(table))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static TableEntry.Builder entry() {
    return TableMapping.entry(Tables.entry(3, "::ffff:10.0.0.5"), Set.of(), Set.of()).toBuilder();
  }

  private static void assertRefused(TableEntry.Builder entry, String why) {
    Table.Builder table = TableMapping.table(Tables.addressAt(3), REVISION).toBuilder();
    table.getDevicesBuilder(0).getPortsBuilder(0).setEntries(0, entry);

    assertThatThrownBy(() -> TableMapping.inventory(table.build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }
}
