package io.rdmagid.deviceplugin.verbs;

import io.rdmagid.deviceplugin.inventory.DeviceAttributes;
import io.rdmagid.deviceplugin.posix.AttributeFiles;
import io.rdmagid.deviceplugin.posix.Errno;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The devices, and the facts about them that verbs do not tell: /sys/class/infiniband_verbs and
 * /sys/class/infiniband/DEVICE (Documentation/ABI/stable/sysfs-class-infiniband of the kernel).
 * What is missing is left empty: software devices have no PCI function. It never opens a file of
 * the GID table; {@link SysfsTables} does.
 */
final class SysfsDevices {
  private static final Pattern RATE = Pattern.compile("([0-9]{1,6}(?:\\.[0-9]{1,6})?) Gb/sec.*");
  private static final Pattern PCI_ADDRESS =
      Pattern.compile("[0-9a-f]{4,}:[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]");
  private static final Pattern NUMA_NODE = Pattern.compile("[0-9]{1,4}");

  /** Of a device; no path, so that a file that holds anything else leads nowhere. */
  private static final Pattern NAME = Pattern.compile("(?!\\.{1,2}$)[!-~&&[^/]]{1,63}");

  private static final String SOFTWARE_ROCE = "rdma_rxe";

  private final Path classes;
  private final Path root;

  SysfsDevices(Path sysfs) {
    classes = sysfs.resolve("class");
    root = classes.resolve("infiniband");
  }

  /**
   * The devices of this network namespace that have a device node, none where no RDMA module is
   * loaded. The names are those of now: libibverbs keeps the one under which it first saw a device,
   * whatever udev calls it since (rdma-core, libibverbs/init.c, same_sysfs_dev).
   */
  Reply<List<Verbs.DeviceNode>> nodes() {
    Path folder = classes.resolve("infiniband_verbs");
    String[] names = folder.toFile().list();
    if (names == null) {
      return Files.isDirectory(classes) && !Files.exists(folder)
          ? new Reply.Ok<>(List.of())
          : new Reply.Refused<>("list of " + folder, "", Errno.ENOENT.code());
    }
    List<Verbs.DeviceNode> nodes = new ArrayList<>();
    for (String uverbs : names) {
      String name = text(folder.resolve(uverbs).resolve("ibdev"));
      // Without it: the class's abi_version, or a device that just goes, or one of another network
      // namespace.
      if (NAME.matcher(name).matches() && Files.exists(root.resolve(name))) {
        nodes.add(new Verbs.DeviceNode(name, uverbs));
      }
    }
    return new Reply.Ok<>(List.copyOf(nodes));
  }

  DeviceAttributes device(String name, String firmware) {
    Path device = root.resolve(name);
    Path parent = device.resolve("device");
    String pciAddress = target(parent);
    boolean isPci = PCI_ADDRESS.matcher(pciAddress).matches();
    VirtualFunction function =
        isPci ? VirtualFunction.of(parent, pciAddress) : VirtualFunction.NONE;
    return new DeviceAttributes(
        driver(device),
        isPci ? hexadecimal(parent.resolve("vendor")) : "",
        isPci ? hexadecimal(parent.resolve("device")) : "",
        firmware,
        text(device.resolve("node_guid")),
        isPci ? pciAddress : "",
        function.pfName(),
        function.index(),
        numaNode(parent.resolve("numa_node")));
  }

  /** The same where nobody asked the device itself for its firmware; sysfs may know it, too. */
  DeviceAttributes device(String name) {
    return device(name, text(root.resolve(name).resolve("fw_ver")));
  }

  /** What a device is, and how many ports it has, numbered from 1; 0 where it is not there. */
  OpenDevice.Description describe(String name) {
    String[] ports = root.resolve(name).resolve("ports").toFile().list();
    return new OpenDevice.Description(device(name), ports == null ? 0 : ports.length);
  }

  /** Gigabits a second, 0 where the kernel does not say. */
  double rateGbps(String device, int port) {
    Matcher rate = RATE.matcher(text(root.resolve(device).resolve("ports/" + port + "/rate")));
    return rate.matches() ? Double.parseDouble(rate.group(1)) : 0;
  }

  private static String driver(Path device) {
    // rxe hangs under the device of its netdev, if any, whose driver is not its own; only rxe has
    // this attribute.
    if (Files.exists(device.resolve("parent"))) {
      return SOFTWARE_ROCE;
    }
    return target(device.resolve("device/driver/module"));
  }

  private static int numaNode(Path file) {
    String text = text(file);
    return NUMA_NODE.matcher(text).matches() ? Integer.parseInt(text) : -1;
  }

  private static String hexadecimal(Path file) {
    String text = text(file);
    return text.startsWith("0x") ? text.substring(2) : text;
  }

  /** The last name of what a link leads to, or empty. */
  private static String target(Path link) {
    try {
      Path name = link.toRealPath().getFileName(); // null of the root
      return name == null ? "" : name.toString();
    } catch (IOException e) {
      return "";
    }
  }

  /** The text of an attribute, or empty where it cannot be read. */
  static String text(Path file) {
    try (InputStream attribute = Files.newInputStream(file)) {
      ByteBuffer page = ByteBuffer.wrap(attribute.readNBytes(AttributeFiles.PAGE));
      return StandardCharsets.UTF_8.newDecoder().decode(page).toString().strip();
    } catch (IOException e) {
      return "";
    }
  }
}
