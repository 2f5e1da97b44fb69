package io.rdmagid.deviceplugin.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SysfsSlotsTest {
  private static final Gid GID = Gid.parse("::ffff:10.0.0.5");

  @TempDir Path sysfs;

  @BeforeEach
  void table() throws IOException {
    SysfsTree tree = new SysfsTree(sysfs, "stub0");
    tree.port(1, 4);
    tree.slot(1, 2, "0000:0000:0000:0000:0000:ffff:0a00:0005", "RoCE v2", "net1");
    tree.slot(1, 3, "0000:0000:0000:0000:0000:ffff:0a00:0005", "IB/RoCE v1", "net1");
  }

  @Test
  void theEntryHasToBeTheSame() {
    assertThat(has("stub0", 2, GID, GidType.ROCE_V2)).isTrue();
    assertThat(has("stub0", 3, GID, GidType.ROCE_V1)).isTrue();
    assertThat(has("stub0", 3, GID, GidType.ROCE_V2)).as("of another type").isFalse();
    assertThat(has("stub0", 2, Gid.parse("::ffff:10.0.0.6"), GidType.ROCE_V2)).isFalse();
    assertThat(has("stub0", 1, GID, GidType.ROCE_V2)).as("empty").isFalse();
  }

  @Test
  void whatIsNoGidIsNotTheEntry() throws IOException {
    SysfsTree tree = new SysfsTree(sysfs, "stub0");
    for (String text : List.of("", "10.0.0.5", "::ffff:10.0.0.5%1", "none", "::1::1")) {
      Files.writeString(tree.gid(1, 2), text + "\n");
      assertThat(has("stub0", 2, GID, GidType.ROCE_V2)).as(text).isFalse();
    }
    Files.write(tree.gid(1, 2), new byte[] {':', (byte) 0xff});
    assertThat(has("stub0", 2, GID, GidType.ROCE_V2)).as("no UTF-8").isFalse();
  }

  @Test
  void ofAPortThatIsNotThereNobodyCanTell() {
    assertThat(has("elsewhere0", 2, GID, GidType.ROCE_V2)).isTrue();
  }

  private boolean has(String device, int index, Gid gid, GidType type) {
    return new SysfsSlots(sysfs).mayHave(device, 1, index, gid, type);
  }
}
