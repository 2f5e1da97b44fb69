package io.rdmagid.deviceplugin.verbs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The ports of a device as the kernel shows them in sysfs. The attributes of an empty slot give
 * EINVAL there, and do here, by a link to one of the kernel's that does.
 */
public final class SysfsTree {
  /** The loopback has no speed; {@code AttributeFilesTest} shows that it gives EINVAL. */
  static final Path EINVAL = Path.of("/sys/class/net/lo/speed");

  /** It is for writing only, for root as well. */
  static final Path EACCES = Path.of("/sys/bus/platform/drivers_probe");

  private static final String ZERO = "0000:0000:0000:0000:0000:0000:0000:0000\n";

  private final Path classes;
  private final String device;
  private final Path ports;

  /** Makes nothing yet. */
  public SysfsTree(Path sysfs, String device) {
    this.device = device;
    classes = sysfs.resolve("class");
    ports = classes.resolve("infiniband").resolve(device).resolve("ports");
  }

  /** Makes the device one of those that are there. */
  public void plug(String uverbs) throws IOException {
    Path node = Files.createDirectories(classes.resolve("infiniband_verbs").resolve(uverbs));
    Files.writeString(node.resolve("ibdev"), device + "\n");
  }

  /** Makes an active Ethernet port with empty slots. */
  public void port(int number, int slots) throws IOException {
    Path port = ports.resolve(Integer.toString(number));
    Files.createDirectories(port.resolve("gids"));
    Files.createDirectories(port.resolve("gid_attrs/types"));
    Files.createDirectories(port.resolve("gid_attrs/ndevs"));
    attribute(number, "link_layer", "Ethernet");
    attribute(number, "state", "4: ACTIVE");
    attribute(number, "phys_state", "5: LinkUp");
    for (int index = 0; index < slots; index++) {
      Files.writeString(gid(number, index), ZERO);
      link(type(number, index), EINVAL);
      link(netdev(number, index), EINVAL);
    }
  }

  /** What a port's attribute says from now. */
  void attribute(int port, String name, String text) throws IOException {
    Files.writeString(ports.resolve(Integer.toString(port)).resolve(name), text + "\n");
  }

  /** Fills a slot; for an empty text the kernel says EINVAL. */
  public void slot(int port, int index, String gid, String type, String netdev) throws IOException {
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
