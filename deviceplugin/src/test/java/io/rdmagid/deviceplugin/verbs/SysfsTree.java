package io.rdmagid.deviceplugin.verbs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The ports of a device as the kernel shows them in sysfs. The attributes of an empty slot give
 * EINVAL there, and do here, by a link to one of the kernel's that does.
 */
final class SysfsTree {
  /** The loopback has no speed; {@code AttributeFilesTest} shows that it gives EINVAL. */
  static final Path EINVAL = Path.of("/sys/class/net/lo/speed");

  /** It is for writing only, for root as well. */
  static final Path EACCES = Path.of("/sys/bus/platform/drivers_probe");

  private static final String ZERO = "0000:0000:0000:0000:0000:0000:0000:0000\n";

  private final Path ports;

  SysfsTree(Path sysfs, String device) {
    ports = sysfs.resolve("class/infiniband").resolve(device).resolve("ports");
  }

  /** Makes a port with empty slots. */
  void port(int number, int slots) throws IOException {
    Path port = ports.resolve(Integer.toString(number));
    Files.createDirectories(port.resolve("gids"));
    Files.createDirectories(port.resolve("gid_attrs/types"));
    Files.createDirectories(port.resolve("gid_attrs/ndevs"));
    for (int index = 0; index < slots; index++) {
      Files.writeString(gid(number, index), ZERO);
      link(type(number, index), EINVAL);
      link(netdev(number, index), EINVAL);
    }
  }

  /** Fills a slot; for an empty text the kernel says EINVAL. */
  void slot(int port, int index, String gid, String type, String netdev) throws IOException {
    Files.writeString(gid(port, index), gid + "\n");
    write(type(port, index), type);
    write(netdev(port, index), netdev);
  }

  /** What an attribute says is what another file says. */
  void link(Path attribute, Path target) throws IOException {
    Files.deleteIfExists(attribute);
    Files.createSymbolicLink(attribute, target);
  }

  private static void write(Path attribute, String text) throws IOException {
    if (!text.isEmpty()) {
      Files.deleteIfExists(attribute);
      Files.writeString(attribute, text + "\n");
    }
  }

  Path gid(int port, int index) {
    return ports.resolve(port + "/gids/" + index);
  }

  Path type(int port, int index) {
    return ports.resolve(port + "/gid_attrs/types/" + index);
  }

  Path netdev(int port, int index) {
    return ports.resolve(port + "/gid_attrs/ndevs/" + index);
  }
}
