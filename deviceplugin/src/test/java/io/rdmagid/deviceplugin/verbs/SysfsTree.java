package io.rdmagid.deviceplugin.verbs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The ports of a device as the kernel shows them in sysfs. In a plain folder no read gives EINVAL,
 * as the attributes of an empty slot do: here they are missing, which is the same to a reader that
 * cannot read them.
 */
final class SysfsTree {
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
    }
  }

  /** Fills a slot; an empty text means that the file cannot be read. */
  void slot(int port, int index, String gid, String type, String netdev) throws IOException {
    Files.writeString(gid(port, index), gid + "\n");
    if (!type.isEmpty()) {
      Files.writeString(type(port, index), type + "\n");
    }
    if (!netdev.isEmpty()) {
      Files.writeString(netdev(port, index), netdev + "\n");
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
