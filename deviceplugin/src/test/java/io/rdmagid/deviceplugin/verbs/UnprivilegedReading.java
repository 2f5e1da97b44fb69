package io.rdmagid.deviceplugin.verbs;

import io.rdmagid.deviceplugin.posix.FileDescriptors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Prints as whom it runs, and what it reads of a device and its port. */
final class UnprivilegedReading {
  private UnprivilegedReading() {}

  /** Takes the place of sysfs. */
  public static void main(String[] arguments) throws IOException {
    System.out.println("user " + user());
    System.out.println(read(Path.of(arguments[0])));
  }

  static int user() throws IOException {
    return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
  }

  static String read(Path sysfs) {
    try (FileDescriptors descriptors = new FileDescriptors();
        Verbs verbs = new SysfsVerbs(descriptors, sysfs)) {
      return verbs
          .devices()
          .map(nodes -> verbs.open(nodes.getFirst()).map(UnprivilegedReading::read).toString())
          .toString();
    }
  }

  private static String read(OpenDevice device) {
    return device.describe()
        + " "
        + device.port(1).map(port -> port + " " + device.tables(Map.of(1, port)));
  }
}
