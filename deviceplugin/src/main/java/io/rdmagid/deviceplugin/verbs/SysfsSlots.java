package io.rdmagid.deviceplugin.verbs;

import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidType;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One slot of a table, as sysfs shows it now: {@code gids/INDEX}, which of an empty one is zero,
 * and {@code gid_attrs/types/INDEX} (drivers/infiniband/core/sysfs.c of the kernel). Thread-safe.
 */
public final class SysfsSlots {
  private final Path root;

  /**
   * Looks at nothing yet.
   *
   * @param sysfs where sysfs is mounted, usually /sys
   */
  public SysfsSlots(Path sysfs) {
    this.root = sysfs.resolve("class/infiniband");
  }

  /**
   * Whether a slot has an entry.
   *
   * @return false where it has another or none; true where sysfs does not show the port, as of a
   *     device that belongs to another network namespace
   */
  public boolean mayHave(String device, int port, int index, Gid gid, GidType type) {
    Path folder = root.resolve(device).resolve("ports/" + port);
    return says(folder.resolve("gids/" + index), text -> isGid(text, gid))
        && says(
            folder.resolve("gid_attrs/types/" + index),
            text -> type == GidType.IB || GidType.fromSysfsText(text).equals(Optional.of(type)));
  }

  private static boolean isGid(String text, Gid expected) {
    try {
      return Gid.parse(text).equals(expected);
    } catch (IllegalArgumentException e) {
      return false; // the kernel writes no such thing; a reading leaves the slot out and says so
    }
  }

  private static boolean says(Path attribute, Predicate<String> expected) {
    try {
      return expected.test(Files.readString(attribute).strip());
    } catch (CharacterCodingException e) {
      return false; // no text at all
    } catch (IOException e) {
      return true; // of the type, where the slot is empty: its GID has told that
    }
  }
}
