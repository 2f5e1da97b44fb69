package io.rdmagid.deviceplugin.verbs;

import io.rdmagid.deviceplugin.inventory.PortAttributes;
import io.rdmagid.deviceplugin.posix.AttributeFiles;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Prints as whom it runs, and what it reads of the port of a device. */
final class UnprivilegedReading {
  private static final int SLOTS = 256;

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
    PortAttributes attributes =
        new PortAttributes(PortAttributes.ETHERNET, "ACTIVE", "", 0, 0, SLOTS, "");
    try (FileDescriptors descriptors = new FileDescriptors()) {
      return new SysfsTables(sysfs, new AttributeFiles(descriptors))
          .read("mlx5_0", Map.of(1, attributes))
          .toString();
    }
  }
}
