package io.rdmagid.deviceplugin.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.inventory.PortEntry;
import io.rdmagid.deviceplugin.inventory.ReadBy;
import io.rdmagid.deviceplugin.posix.Errno;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SysfsVerbsTest {
  private static final Verbs.DeviceNode NODE = new Verbs.DeviceNode("mlx5_0", "uverbs3");

  private final FileDescriptors descriptors = new FileDescriptors();
  @TempDir Path sysfs;
  private SysfsTree tree;
  private Verbs verbs;

  @BeforeEach
  void plug() throws IOException {
    tree = new SysfsTree(sysfs, NODE.name());
    tree.plug(NODE.uverbs());
    tree.port(1, 3);
    Files.writeString(folder().resolve("fw_ver"), "28.39.1002\n");
    Files.writeString(folder().resolve("ports/1/rate"), "400 Gb/sec (4X NDR)\n");
    verbs = new SysfsVerbs(descriptors, sysfs);
  }

  @AfterEach
  void close() {
    verbs.close();
    descriptors.close();
  }

  private Path folder() {
    return sysfs.resolve("class/infiniband").resolve(NODE.name());
  }

  private OpenDevice device() {
    return value(verbs.open(NODE));
  }

  private static <T> T value(Reply<T> reply) {
    assertThat(reply).isInstanceOf(Reply.Ok.class);
    return ((Reply.Ok<T>) reply).value();
  }

  @Test
  void aDeviceIsReadWithoutAnyNodeOfIt() throws IOException {
    tree.slot(1, 2, "0000:0000:0000:0000:0000:ffff:0a00:0005", "RoCE v2", "ens1f0");

    assertThat(verbs.devices()).isEqualTo(new Reply.Ok<>(List.of(NODE)));
    OpenDevice device = device();
    assertThat(value(device.describe()).ports()).isEqualTo(1);
    assertThat(value(device.describe()).attributes().firmware()).isEqualTo("28.39.1002");
    PortAttributes port = value(device.port(1));
    assertThat(port)
        .isEqualTo(new PortAttributes(PortAttributes.ETHERNET, "ACTIVE", "LINK_UP", 0, 400, 3, ""));
    assertThat(device.tables(Map.of(1, port)))
        .isEqualTo(
            new Reply.Ok<>(
                new OpenDevice.Tables(
                    List.of(
                        new PortEntry(
                            1, 2, Gid.parse("::ffff:10.0.0.5"), GidType.ROCE_V2, 0, "ens1f0")),
                    ReadBy.SYSFS)));
  }

  /** Kernels call the physical states otherwise than we do, by drivers/infiniband/core/sysfs.c. */
  @ParameterizedTest
  @CsvSource({
    "1: DOWN, 3: Disabled, DOWN, DISABLED",
    "2: INIT, 4: PortConfigurationTraining, INIT, TRAINING",
    "3: ARMED, 6: LinkErrorRecovery, ARMED, LINK_ERROR_RECOVERY",
    "5: ACTIVE_DEFER, 7: Phy Test, ACTIVE_DEFER, PHY_TEST",
    "0: NOP, 0: <unknown>, NOP, ''",
    "down, up, NOP, ''"
  })
  void statesAreThoseOfVerbs(String state, String physical, String ours, String oursPhysical)
      throws IOException {
    tree.attribute(1, "state", state);
    tree.attribute(1, "phys_state", physical);

    PortAttributes port = value(device().port(1));

    assertThat(port.state()).isEqualTo(ours);
    assertThat(port.physicalState()).isEqualTo(oursPhysical);
  }

  @Test
  void anInfinibandPortIsOne() throws IOException {
    tree.attribute(1, "link_layer", "InfiniBand");

    assertThat(value(device().port(1)).linkLayer()).isEqualTo(PortAttributes.INFINIBAND);
  }

  @Test
  void noEventEverComes() {
    assertThat(device().eventDescriptor()).isEmpty();
    assertThat(device().drainEvents()).isEqualTo(OpenDevice.Events.NONE);
  }

  @Test
  void aDeviceThatGoesIsARefusal() throws IOException {
    OpenDevice device = device();
    PortAttributes port = value(device.port(1));
    Files.move(folder(), sysfs.resolve("gone"));

    Path ports = folder().resolve("ports");
    assertThat(device.describe())
        .isEqualTo(new Reply.Refused<>("read of " + ports, NODE.name(), Errno.ENODEV.code(), ""));
    assertThat(device.port(1))
        .isEqualTo(
            new Reply.Refused<>(
                "read of " + ports.resolve("1/link_layer"), NODE.name(), Errno.ENODEV.code(), ""));
    assertThat(device.tables(Map.of(1, port)))
        .isEqualTo(
            new Reply.Refused<>(
                "read of " + ports.resolve("1/gids"), NODE.name(), Errno.ENODEV.code(), ""));
  }

  @Test
  void anAttributeThatKeepsOthersOutIsARefusal() throws IOException {
    tree.link(folder().resolve("ports/1/state"), SysfsTree.EACCES);

    assertThat(device().port(1))
        .isInstanceOfSatisfying(
            Reply.Refused.class,
            refused -> assertThat(refused.describe()).contains("EACCES", "ports/1/state"));
  }
}
