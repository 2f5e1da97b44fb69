package io.rdmagid.deviceplugin.verbs;

import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.inventory.PortEntry;
import io.rdmagid.deviceplugin.posix.Errno;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidType;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * GID tables as files: of each port {@code gids/INDEX}, {@code gid_attrs/types/INDEX} and {@code
 * gid_attrs/ndevs/INDEX} (Documentation/ABI/stable/sysfs-class-infiniband of the kernel). Anybody
 * may read them. A netdev has a name here and no number, whatever namespace it stands in: whoever
 * has the links of one looks it up there.
 */
public final class SysfsTables {
  private static final Logger LOG = LoggerFactory.getLogger(SysfsTables.class);

  private final Path root;

  /**
   * Reads nothing yet.
   *
   * @param sysfs where sysfs is mounted, usually /sys
   */
  public SysfsTables(Path sysfs) {
    root = sysfs.resolve("class/infiniband");
  }

  /** All filled slots of these ports of a device. */
  public Reply<List<PortEntry>> read(String device, Map<Integer, PortAttributes> ports) {
    List<PortEntry> entries = new ArrayList<>();
    for (Map.Entry<Integer, PortAttributes> port : ports.entrySet()) {
      Path folder = root.resolve(device).resolve("ports/" + port.getKey());
      try {
        entries.addAll(port(device, folder, port.getKey(), port.getValue()));
      } catch (IOException e) {
        return new Reply.Refused<>("read of " + folder.resolve("gids"), device, errno(e), "");
      }
    }
    return new Reply.Ok<>(entries);
  }

  private static List<PortEntry> port(
      String device, Path folder, int number, PortAttributes attributes) throws IOException {
    String[] slots = folder.resolve("gids").toFile().list();
    if (slots == null) {
      throw new NoSuchFileException(folder.toString());
    }
    boolean isInfiniband = attributes.linkLayer().equals(PortAttributes.INFINIBAND);
    List<PortEntry> entries = new ArrayList<>();
    for (int index = 0; index < Math.min(slots.length, attributes.gidTableLength()); index++) {
      Gid gid = gid(folder, index);
      if (gid.isZero()) {
        continue; // an empty slot
      }
      if (isInfiniband) {
        entries.add(new PortEntry(number, index, gid, GidType.IB, 0, ""));
      } else {
        ethernet(device, folder, number, index, gid).ifPresent(entries::add);
      }
    }
    return entries;
  }

  /**
   * An entry of an Ethernet port. The three files are no unit, and the latter two give EINVAL once
   * the slot is empty: an entry that goes meanwhile is none, and one that comes in its place is
   * told of by an event. Without a netdev is only what is still there without one.
   */
  private static Optional<PortEntry> ethernet(
      String device, Path folder, int port, int index, Gid gid) throws IOException {
    String type = SysfsDevices.text(folder.resolve("gid_attrs/types/" + index));
    String netdev = SysfsDevices.text(folder.resolve("gid_attrs/ndevs/" + index));
    if (type.isEmpty() || !gid(folder, index).equals(gid)) {
      return Optional.empty();
    }
    Optional<GidType> known =
        switch (type) {
          case "IB/RoCE v1" -> Optional.of(GidType.ROCE_V1);
          case "RoCE v2" -> Optional.of(GidType.ROCE_V2);
          default -> Optional.empty();
        };
    if (known.isEmpty()) {
      LOG.atWarn()
          .addKeyValue("device", device)
          .addKeyValue("type", type)
          .log("GID type unknown, entry left out");
    }
    return known.map(roce -> new PortEntry(port, index, gid, roce, 0, netdev));
  }

  /** Zero where the slot is empty. */
  private static Gid gid(Path folder, int index) throws IOException {
    String text = Files.readString(folder.resolve("gids/" + index)).strip();
    try {
      return Gid.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IOException("slot " + index + " of " + folder, e);
    }
  }

  /**
   * The kernel writes a zero GID for an empty slot: where not even that is there, the port goes.
   */
  private static int errno(IOException refusal) {
    return switch (refusal) {
      case NoSuchFileException _ -> Errno.ENODEV.code();
      case AccessDeniedException _ -> Errno.EACCES.code();
      default -> Errno.EIO.code();
    };
  }
}
