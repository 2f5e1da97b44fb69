package io.rdmagid.deviceplugin.posix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What SELinux goes by. A file that is made later gets the type of its folder (the kernel's
 * security/selinux/hooks.c, selinux_determine_inode_label), so one call at the start is enough. For
 * a platform thread.
 */
public final class SelinuxLabels {
  /** Of what any container may read: no categories of one pod (container_selinux(8)). */
  public static final String FOR_CONTAINERS = "system_u:object_r:container_file_t:s0";

  static final String ATTRIBUTE = "security.selinux";

  private SelinuxLabels() {}

  /** What became of a folder and all in it. */
  public sealed interface Result {
    /** It has no label: the system has no SELinux, or the file system no labels. */
    record NotUsed() implements Result {}

    /**
     * All of it has the label now.
     *
     * @param changed how many files had another
     */
    record Labelled(int changed) implements Result {}

    /** A file kept its label, and what comes after it may have, too. */
    record Refused(Path file, String reason) implements Result {}
  }

  /**
   * Gives a folder and all in it a label. No link is followed.
   *
   * @param label such as {@link #FOR_CONTAINERS}
   */
  public static Result give(Path folder, String label) {
    try (ExtendedAttribute attribute = new ExtendedAttribute(ATTRIBUTE);
        Stream<Path> walk = Files.walk(folder)) {
      if (attribute.of(folder).isEmpty()) {
        return new Result.NotUsed();
      }
      int changed = 0;
      for (Path file : (Iterable<Path>) walk::iterator) {
        if (!attribute.of(file).equals(Optional.of(label))) {
          int errno = attribute.set(file, label);
          if (errno != 0) {
            return new Result.Refused(file, Errno.describe(errno));
          }
          changed++;
        }
      }
      return new Result.Labelled(changed);
    } catch (IOException e) {
      return new Result.Refused(folder, e.toString());
    } catch (UncheckedIOException e) {
      return new Result.Refused(folder, String.valueOf(e.getCause()));
    }
  }
}
