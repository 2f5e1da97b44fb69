package io.rdmagid.deviceplugin.verbs;

import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.inventory.PortEntry;
import io.rdmagid.deviceplugin.posix.AttributeFiles;
import io.rdmagid.deviceplugin.posix.AttributeFiles.Attribute;
import io.rdmagid.deviceplugin.posix.Errno;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidType;
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
 * has the links of one looks it up there. It belongs to the platform thread of its files.
 *
 * <p>What a file that cannot be read means, its errno tells (drivers/infiniband/core/sysfs.c,
 * fs/kernfs/file.c): EINVAL of a type, that the slot is empty by now; EINVAL of a netdev, that, or
 * that the entry has none; ENOENT and ENODEV, that the device goes. Anything else is a refusal.
 */
public final class SysfsTables {
  private static final Logger LOG = LoggerFactory.getLogger(SysfsTables.class);

  private static final String KEPT_OUT =
      "the files of sysfs keep others out: run as root, and mask nothing of /sys/class/infiniband";

  private final Path root;
  private final AttributeFiles files;

  /**
   * Reads nothing yet.
   *
   * @param sysfs where sysfs is mounted, usually /sys
   */
  public SysfsTables(Path sysfs, AttributeFiles files) {
    this.root = sysfs.resolve("class/infiniband");
    this.files = files;
  }

  /** All filled slots of these ports of a device. */
  public Reply<List<PortEntry>> read(String device, Map<Integer, PortAttributes> ports) {
    List<PortEntry> entries = new ArrayList<>();
    try {
      for (Map.Entry<Integer, PortAttributes> port : ports.entrySet()) {
        Path folder = root.resolve(device).resolve("ports/" + port.getKey());
        entries.addAll(port(device, folder, port.getKey(), port.getValue()));
      }
    } catch (Unreadable e) {
      return refused(device, e.file, e.errno);
    }
    return new Reply.Ok<>(entries);
  }

  /**
   * That a file of a device cannot be read. The kernel has all of them for as long as the device is
   * there: where one is not, the device goes.
   */
  static <T> Reply.Refused<T> refused(String device, Path file, int errno) {
    return new Reply.Refused<>(
        "read of " + file,
        device,
        errno == Errno.ENOENT.code() ? Errno.ENODEV.code() : errno,
        errno == Errno.EACCES.code() || errno == Errno.EPERM.code() ? KEPT_OUT : "");
  }

  /** Ends a reading from within its loops. */
  private static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Path file;
    private final int errno;

    Unreadable(Path file, int errno) {
      super(file.toString(), null, false, false);
      this.file = file;
      this.errno = errno;
    }
  }

  private List<PortEntry> port(String device, Path folder, int number, PortAttributes attributes)
      throws Unreadable {
    Path gids = folder.resolve("gids");
    String[] slots = gids.toFile().list();
    if (slots == null) {
      throw new Unreadable(
          gids, gids.toFile().isDirectory() ? Errno.EACCES.code() : Errno.ENODEV.code());
    }
    boolean isInfiniband = attributes.linkLayer().equals(PortAttributes.INFINIBAND);
    List<PortEntry> entries = new ArrayList<>();
    for (int index = 0; index < Math.min(slots.length, attributes.gidTableLength()); index++) {
      Gid gid = gid(gids.resolve(Integer.toString(index)));
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
   * An entry of an Ethernet port. The three files are no unit: an entry that goes meanwhile is
   * none, and one that comes in its place is told of by an event. Without a netdev is only what is
   * still there without one.
   */
  private Optional<PortEntry> ethernet(String device, Path folder, int port, int index, Gid gid)
      throws Unreadable {
    String type = textOrEmpty(folder.resolve("gid_attrs/types/" + index));
    String netdev = textOrEmpty(folder.resolve("gid_attrs/ndevs/" + index));
    if (type.isEmpty() || !gid(folder.resolve("gids/" + index)).equals(gid)) {
      return Optional.empty();
    }
    Optional<GidType> known = GidType.fromSysfsText(type);
    if (known.isEmpty()) {
      LOG.atWarn()
          .addKeyValue("device", device)
          .addKeyValue("type", type)
          .log("GID type unknown, entry left out");
    }
    return known.map(roce -> new PortEntry(port, index, gid, roce, 0, netdev));
  }

  /** Zero where the slot is empty. */
  private Gid gid(Path file) throws Unreadable {
    return switch (files.read(file)) {
      case Attribute.Text(String text) -> {
        try {
          yield Gid.parse(text);
        } catch (IllegalArgumentException e) {
          LOG.atWarn().addKeyValue("file", file).addKeyValue("text", text).log("no GID in sysfs");
          throw new Unreadable(file, Errno.EIO.code());
        }
      }
      case Attribute.Unreadable(int errno) -> throw new Unreadable(file, errno);
    };
  }

  /** Empty where the kernel says EINVAL. */
  private String textOrEmpty(Path file) throws Unreadable {
    return switch (files.read(file)) {
      case Attribute.Text(String text) -> text;
      case Attribute.Unreadable(int errno) -> {
        if (errno != Errno.EINVAL.code()) {
          throw new Unreadable(file, errno);
        }
        yield "";
      }
    };
  }
}
