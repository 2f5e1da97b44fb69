package io.rdmagid.deviceplugin.posix;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An area of the process's memory that is mapped from a file.
 *
 * @param start its first address
 * @param size bytes, a multiple of the page's size
 * @param file as the process sees its path
 * @param permissions such as {@code r-xp}
 * @param residentBytes of it that are in memory and mapped
 * @param ownBytes of it that are not the file's any more, since the process has written them
 */
record MappedArea(
    long start, long size, String file, String permissions, long residentBytes, long ownBytes) {
  private static final Pattern HEAD =
      Pattern.compile("([0-9a-f]+)-([0-9a-f]+) (\\S{4}) \\S+ \\S+ \\d+\\s+(/.*)");
  private static final Pattern ANY_HEAD = Pattern.compile("[0-9a-f]+-[0-9a-f]+ .*");
  private static final Pattern COUNT = Pattern.compile("(Rss|Anonymous):\\s+(\\d+) kB");

  /** What the kernel would read again from the file as it is: the pages may go at any time. */
  boolean isOnlyTheFile() {
    return permissions.charAt(1) == '-' && ownBytes == 0;
  }

  /** Those of files, in the order of the lines of {@code /proc/PID/smaps}. */
  static List<MappedArea> parse(List<String> smaps) {
    List<MappedArea> areas = new ArrayList<>();
    boolean ofFile = false;
    for (String line : smaps) {
      Matcher head = HEAD.matcher(line);
      if (head.matches()) {
        long start = Long.parseUnsignedLong(head.group(1), 16);
        long end = Long.parseUnsignedLong(head.group(2), 16);
        areas.add(new MappedArea(start, end - start, head.group(4), head.group(3), 0, 0));
        ofFile = true;
      } else if (ANY_HEAD.matcher(line).matches()) {
        ofFile = false;
      } else if (ofFile) {
        Matcher count = COUNT.matcher(line);
        if (count.matches()) {
          areas.add(areas.removeLast().with(count.group(1), Long.parseLong(count.group(2)) << 10));
        }
      }
    }
    return areas;
  }

  private MappedArea with(String name, long bytes) {
    return name.equals("Rss")
        ? new MappedArea(start, size, file, permissions, bytes, ownBytes)
        : new MappedArea(start, size, file, permissions, residentBytes, bytes);
  }
}
