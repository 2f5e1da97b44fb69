package io.rdmagid.deviceplugin.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.BoundedTries;
import io.rdmagid.deviceplugin.inventory.DeviceAttributes;
import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.inventory.PortEntry;
import io.rdmagid.deviceplugin.posix.AttributeFiles;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever the files of sysfs hold: facts, or a refusal, never anything else. */
@BoundedTries(mebibytes = 64)
class SysfsFuzzTest {
  private static final List<String> TEXTS =
      List.of(
          "",
          "\n",
          "mlx5_0\n",
          "fe80:0000:0000:0000:5054:00ff:fe00:0012\n",
          "0000:0000:0000:0000:0000:ffff:0a00:0005\n",
          "0000:0000:0000:0000:0000:0000:0000:0000\n",
          "10.0.0.5\n",
          "fe80::1%1\n",
          "IB/RoCE v1\n",
          "RoCE v2\n",
          "RoCE v3\n",
          "ens1f0\n",
          "400 Gb/sec (4X NDR)\n",
          "9".repeat(400) + " Gb/sec\n",
          "2.5 Gb/sec\n",
          "0x15b3\n",
          "-1\n",
          "99999999999\n",
          "../..\n",
          "..\n",
          "a\0b",
          "é☃\n",
          "x".repeat(5_000));

  /** A file, a link, a folder in its place, or nothing. */
  private static void fill(Path place, Random random) throws IOException {
    switch (random.nextInt(12)) {
      case 0 -> {}
      case 1 -> Files.createDirectory(place);
      case 2 -> Files.createSymbolicLink(place, Path.of("/"));
      case 3 -> Files.createSymbolicLink(place, Path.of("nowhere"));
      case 4 -> {
        byte[] bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        Files.write(place, bytes);
      }
      default ->
          Files.write(
              place, TEXTS.get(random.nextInt(TEXTS.size())).getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void fillAll(Path folder, Random random, String... names) throws IOException {
    Files.createDirectories(folder);
    for (String name : names) {
      fill(folder.resolve(name), random);
    }
  }

  private static void inFolder(Check check) throws IOException {
    Path sysfs = Files.createTempDirectory("sysfs");
    try {
      check.run(sysfs);
    } finally {
      try (Stream<Path> files = Files.walk(sysfs)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private interface Check {
    void run(Path sysfs) throws IOException;
  }

  private static Reply<List<PortEntry>> read(Path sysfs, PortAttributes attributes) {
    try (FileDescriptors descriptors = new FileDescriptors()) {
      return new SysfsTables(sysfs, new AttributeFiles(descriptors))
          .read("mlx5_0", Map.of(1, attributes));
    }
  }

  @Property
  void tablesAreReadOrRefused(@ForAll Random random) throws IOException {
    inFolder(sysfs -> {
      Path port = sysfs.resolve("class/infiniband/mlx5_0/ports/1");
      fillAll(port.resolve("gids"), random, "0", "1", "2");
      fillAll(port.resolve("gid_attrs/types"), random, "0", "1", "2");
      fillAll(port.resolve("gid_attrs/ndevs"), random, "0", "1", "2");
      PortAttributes attributes =
          new PortAttributes(
              random.nextInt(4) == 0 ? PortAttributes.INFINIBAND : PortAttributes.ETHERNET,
              "ACTIVE",
              "",
              0,
              0,
              random.nextInt(5),
              "");

      switch (read(sysfs, attributes)) {
        case Reply.Ok<List<PortEntry>>(List<PortEntry> entries) ->
            assertThat(entries)
                .allSatisfy(entry -> {
                  assertThat(entry.index()).isBetween(0, attributes.gidTableLength() - 1);
                  assertThat(entry.gid().isZero()).isFalse();
                });
        case Reply.Refused<List<PortEntry>> refused ->
            assertThat(refused.describe()).startsWith("mlx5_0: read of ");
      }
    });
  }

  @Property
  void aSlotHasTheEntryOrNot(@ForAll Random random) throws IOException {
    inFolder(sysfs -> {
      Path port = sysfs.resolve("class/infiniband/mlx5_0/ports/1");
      fillAll(port.resolve("gids"), random, "0");
      fillAll(port.resolve("gid_attrs/types"), random, "0");
      Gid gid = Gid.parse("::ffff:10.0.0.5");
      Path slot = port.resolve("gids/0");

      boolean has = new SysfsSlots(sysfs).mayHave("mlx5_0", 1, 0, gid, GidType.ROCE_V2);

      if (has && Files.isRegularFile(slot)) {
        assertThat(Gid.parse(Files.readString(slot).strip())).isEqualTo(gid);
      }
    });
  }

  @Property
  void portsAreReadOrRefused(@ForAll Random random) throws IOException {
    inFolder(sysfs -> {
      Path port = sysfs.resolve("class/infiniband/mlx5_0/ports/1");
      fillAll(port, random, "link_layer", "state", "phys_state", "rate", "gids");
      try (FileDescriptors descriptors = new FileDescriptors();
          Verbs verbs = new SysfsVerbs(descriptors, sysfs)) {
        switch (verbs
            .open(new Verbs.DeviceNode("mlx5_0", "uverbs0"))
            .map(device -> device.port(1))) {
          case Reply.Ok<Reply<PortAttributes>>(Reply.Ok<PortAttributes>(PortAttributes read)) -> {
            assertThat(read.linkLayer()).isIn(PortAttributes.ETHERNET, PortAttributes.INFINIBAND);
            assertThat(read.state()).isNotEmpty();
            assertThat(read.gidTableLength()).isNotNegative();
          }
          case Reply.Ok<Reply<PortAttributes>>(Reply.Refused<PortAttributes> refused) ->
              assertThat(refused.describe()).startsWith("mlx5_0: read of ");
          case Reply.Refused<Reply<PortAttributes>> refused ->
              throw new AssertionError(refused.describe());
        }
      }
    });
  }

  private static void physicalFunction(Path sysfs, Path function, Random random)
      throws IOException {
    if (random.nextBoolean()) {
      fill(function.resolve("physfn"), random);
      return;
    }
    Path physical = sysfs.resolve("devices/0000:19:00.1");
    fillAll(physical, random, "virtfn0", "virtfn", "virtfn99999", "virtfnx");
    if (random.nextBoolean()) {
      Files.createSymbolicLink(physical.resolve("virtfn1"), Path.of("../0000:19:00.0"));
    }
    if (random.nextBoolean()) {
      fillAll(physical.resolve("net/ens1"), random, "dev_port", "phys_port_name");
      fillAll(physical.resolve("net/ens2"), random, "dev_port", "phys_port_name");
    } else {
      fill(physical.resolve("net"), random);
    }
    Files.createSymbolicLink(function.resolve("physfn"), physical);
  }

  @Property
  void devicesAreReadOrRefused(@ForAll Random random) throws IOException {
    inFolder(sysfs -> {
      Path device = sysfs.resolve("class/infiniband/mlx5_0");
      fillAll(device, random, "node_guid", random.nextBoolean() ? "parent" : "x");
      fillAll(device.resolve("ports/1"), random, "rate");
      if (random.nextBoolean()) {
        Path function = sysfs.resolve("devices/0000:19:00.0");
        fillAll(function, random, "vendor", "device", "numa_node", "driver");
        physicalFunction(sysfs, function, random);
        Files.createSymbolicLink(device.resolve("device"), function);
      } else {
        fill(device.resolve("device"), random);
      }
      Path verbs = sysfs.resolve("class/infiniband_verbs");
      fillAll(verbs, random, "abi_version");
      fillAll(verbs.resolve("uverbs0"), random, "ibdev");
      SysfsDevices devices = new SysfsDevices(sysfs);

      assertThat(devices.nodes())
          .isIn(
              new Reply.Ok<>(List.of()),
              new Reply.Ok<>(List.of(new Verbs.DeviceNode("mlx5_0", "uverbs0"))));
      DeviceAttributes attributes = devices.device("mlx5_0", "1.2");
      assertThat(attributes.numaNode()).isBetween(-1, 9_999);
      assertThat(attributes.pciAddress()).isIn("", "0000:19:00.0");
      assertThat(attributes.vfIndex()).isBetween(-1, 1);
      assertThat(attributes.pfName()).isIn("", "ens1", "ens2");
      assertThat(devices.rateGbps("mlx5_0", 1)).isBetween(0.0, 1_000_000.0);
    });
  }
}
