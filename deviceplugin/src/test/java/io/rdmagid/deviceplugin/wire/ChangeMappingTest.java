package io.rdmagid.deviceplugin.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.inventory.InventoryChange;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidType;
import io.rdmagid.proto.gidtable.AttributesChanged;
import io.rdmagid.proto.gidtable.Change;
import io.rdmagid.proto.gidtable.DeviceAdded;
import io.rdmagid.proto.gidtable.DeviceRemoved;
import io.rdmagid.proto.gidtable.DeviceUnread;
import io.rdmagid.proto.gidtable.EntryAdded;
import io.rdmagid.proto.gidtable.EntryIdentity;
import io.rdmagid.proto.gidtable.EntryMoved;
import io.rdmagid.proto.gidtable.EntryRemoved;
import io.rdmagid.proto.gidtable.EntryType;
import org.junit.jupiter.api.Test;

class ChangeMappingTest {
  private static final Gid GID = Gid.parse("::ffff:10.0.0.5");
  private static final InventoryChange.Entry MOVING =
      new InventoryChange.Entry("mlx5_0", 1, GID, GidType.ROCE_V2, 4, true);
  private static final EntryIdentity ENTRY =
      EntryIdentity.newBuilder()
          .setGid(TableMapping.gid(GID))
          .setType(EntryType.ENTRY_TYPE_ROCE_V2)
          .setIfindex(4)
          .setOtherNamespace(true)
          .build();

  private static Change.Builder of(int port) {
    return Change.newBuilder().setDevice("mlx5_0").setPort(port);
  }

  @Test
  void ofDevices() {
    assertThat(ChangeMapping.change(new InventoryChange.DeviceAdded("mlx5_0")))
        .isEqualTo(of(0).setDeviceAdded(DeviceAdded.getDefaultInstance()).build());
    assertThat(ChangeMapping.change(new InventoryChange.DeviceRemoved("mlx5_0")))
        .isEqualTo(of(0).setDeviceRemoved(DeviceRemoved.getDefaultInstance()).build());
    assertThat(ChangeMapping.change(new InventoryChange.DeviceUnread("mlx5_0", "EPERM")))
        .isEqualTo(of(0).setDeviceUnread(DeviceUnread.newBuilder().setReason("EPERM")).build());
    assertThat(
            ChangeMapping.change(new InventoryChange.AttributesChanged("mlx5_0", 1, "DOWN", "UP")))
        .isEqualTo(
            of(1)
                .setAttributesChanged(
                    AttributesChanged.newBuilder().setBefore("DOWN").setAfter("UP"))
                .build());
  }

  @Test
  void ofEntries() {
    assertThat(ChangeMapping.change(new InventoryChange.EntryAdded(MOVING, 3)))
        .isEqualTo(
            of(1).setEntryAdded(EntryAdded.newBuilder().setEntry(ENTRY).setIndex(3)).build());
    assertThat(ChangeMapping.change(new InventoryChange.EntryRemoved(MOVING, 3)))
        .isEqualTo(
            of(1).setEntryRemoved(EntryRemoved.newBuilder().setEntry(ENTRY).setIndex(3)).build());
    assertThat(ChangeMapping.change(new InventoryChange.EntryMoved(MOVING, 3, 7)))
        .isEqualTo(
            of(1)
                .setEntryMoved(EntryMoved.newBuilder().setEntry(ENTRY).setFrom(3).setTo(7))
                .build());
  }
}
