package io.rdmagid.deviceplugin.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.inventory.DeviceAttributes;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.InventoryChange;
import io.rdmagid.deviceplugin.inventory.UnreadDevice;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Devices that are there and cannot be read, as the command tells of them. */
class UnreadDevicesTest {
  private static final UnreadDevice DEVICE =
      new UnreadDevice(
          "mlx5_0",
          UnreadDevice.Cause.NO_PROVIDER,
          "no provider library: install it",
          new DeviceAttributes("mlx5_core", "15b3", "1021", "", "", "0000:19:00.0", 1),
          List.of(1));

  private static List<String> lines(boolean wide) {
    EntryTable table = new EntryTable(wide);
    table.add(DEVICE);
    return table.lines(false);
  }

  @Test
  void theTableListsThem() {
    assertThat(lines(false).getLast().split(" +", -1))
        .containsExactly("mlx5_0", "-", "-", "unread", "-", "-", "-");
    assertThat(lines(true).getLast().split(" +", -1))
        .containsExactly(
            "mlx5_0",
            "-",
            "-",
            "unread",
            "-",
            "-",
            "-",
            "-",
            "-",
            "-",
            "1",
            "0000:19:00.0",
            "-",
            "-");
  }

  @Test
  void jsonSaysWhy() {
    Inventory inventory = new Inventory(List.of(), List.of(DEVICE));

    assertThat(PortJson.of(new Reading("kernel", inventory, Map.of())).toString())
        .isEqualTo(
            "{\"source\":\"kernel\",\"rdmaNamespaceMode\":\"\",\"ports\":[],\"unread\":[{\"device\":\"mlx5_0\","
                + "\"cause\":\"NoProvider\",\"reason\":\"no provider library: install it\"}]}");
  }

  @Test
  void aChangeSaysWhy() {
    assertThat(
            ChangeJson.of(new InventoryChange.DeviceUnread("mlx5_0", "access denied")).toString())
        .isEqualTo(
            "{\"change\":\"DeviceUnread\",\"device\":\"mlx5_0\",\"reason\":\"access denied\"}");
  }
}
