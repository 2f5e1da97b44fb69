package io.rdmagid.deviceplugin.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.inventory.DeviceAttributes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A physical function with three virtual ones, linked as the kernel links them. */
class VirtualFunctionTest {
  private static final String PHYSICAL = "0000:18:00.0";

  @TempDir Path sysfs;

  @BeforeEach
  void make() throws IOException {
    function("mlx5_0", PHYSICAL);
    netdev("ens1f0np0", 0, "");
    for (int index = 0; index < 3; index++) {
      String address = "0000:18:00." + (index + 2);
      Path virtual = function("mlx5_" + (index + 1), address);
      Files.createSymbolicLink(virtual.resolve("physfn"), Path.of("..", PHYSICAL));
      Files.createSymbolicLink(physical().resolve("virtfn" + index), Path.of("..", address));
    }
  }

  private Path function(String device, String address) throws IOException {
    Path bus = sysfs.resolve("devices/pci0000:17/0000:17:01.0");
    Path function = Files.createDirectories(bus.resolve(address));
    Path folder = Files.createDirectories(function.resolve("infiniband").resolve(device));
    Files.createSymbolicLink(folder.resolve("device"), Path.of("../../../" + address));
    Path devices = Files.createDirectories(sysfs.resolve("class/infiniband"));
    Files.createSymbolicLink(devices.resolve(device), folder);
    return function;
  }

  private Path physical() {
    return sysfs.resolve("devices/pci0000:17/0000:17:01.0").resolve(PHYSICAL);
  }

  /**
   * Of the physical function.
   *
   * @param physPortName empty where the driver has none: the kernel says EOPNOTSUPP then
   */
  private void netdev(String name, int devPort, String physPortName) throws IOException {
    Path netdev = Files.createDirectories(physical().resolve("net").resolve(name));
    Files.writeString(netdev.resolve("dev_port"), devPort + "\n");
    if (!physPortName.isEmpty()) {
      Files.writeString(netdev.resolve("phys_port_name"), physPortName + "\n");
    }
  }

  private void removeNetdev(String name) throws IOException {
    Path netdev = physical().resolve("net").resolve(name);
    Files.deleteIfExists(netdev.resolve("phys_port_name"));
    Files.delete(netdev.resolve("dev_port"));
    Files.delete(netdev);
  }

  private VirtualFunction of(String device) {
    DeviceAttributes attributes = new SysfsDevices(sysfs).device(device);
    return new VirtualFunction(attributes.pfName(), attributes.vfIndex());
  }

  @Test
  void aVirtualFunctionHasThePhysicalOnesNetdevAndItsOwnIndex() {
    assertThat(of("mlx5_1")).isEqualTo(new VirtualFunction("ens1f0np0", 0));
    assertThat(of("mlx5_3")).isEqualTo(new VirtualFunction("ens1f0np0", 2));
  }

  @Test
  void aPhysicalFunctionHasNeither() {
    assertThat(of("mlx5_0")).isEqualTo(VirtualFunction.NONE);
  }

  @Test
  void aNetdevInAnotherNamespaceIsNotKnown() throws IOException {
    removeNetdev("ens1f0np0");

    assertThat(of("mlx5_2")).isEqualTo(new VirtualFunction("", 1));
  }

  @Test
  void withoutItsLinkTheIndexIsNotKnown() throws IOException {
    Files.delete(physical().resolve("virtfn1"));
    Files.createDirectory(physical().resolve("virtfn1"));

    assertThat(of("mlx5_2")).isEqualTo(new VirtualFunction("ens1f0np0", -1));
    assertThat(of("mlx5_3").index()).isEqualTo(2);
  }

  @Test
  void representorsAreNotThePhysicalFunctions() throws IOException {
    netdev("ens1f0npf0vf0", 0, "pf0vf0");
    netdev("ens1f0npf0sf8", 0, "c1pf0sf8");
    netdev("eth7", 0, "1"); // a representor of an old mlx5
    assertThat(of("mlx5_1").pfName()).isEqualTo("ens1f0np0");

    removeNetdev("ens1f0np0");
    assertThat(of("mlx5_1").pfName()).isEmpty();

    netdev("uplink", 0, "p0");
    assertThat(of("mlx5_1").pfName()).isEqualTo("uplink");
  }

  @Test
  void ofTwoPortsOfAFunctionTheFirstCounts() throws IOException {
    netdev("ens1d1", 1, "");
    assertThat(of("mlx5_1").pfName()).isEqualTo("ens1f0np0");

    removeNetdev("ens1f0np0");
    netdev("ens1", 0, "");
    assertThat(of("mlx5_1").pfName()).isEqualTo("ens1");
  }

  @Test
  void ofNetdevsThatNothingTellsApartNoneIsNamed() throws IOException {
    netdev("ens1f0np1", 0, "");

    assertThat(of("mlx5_1")).isEqualTo(new VirtualFunction("", 0));
  }
}
