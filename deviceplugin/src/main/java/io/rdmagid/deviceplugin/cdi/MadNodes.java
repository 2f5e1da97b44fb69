package io.rdmagid.deviceplugin.cdi;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The device nodes by which a program sends management datagrams over a port: umadN and issmN,
 * which /sys/class/infiniband_mad links to a device (ibdev) and a port
 * (Documentation/infiniband/user_mad.rst of the kernel).
 */
final class MadNodes {
  private final Path root;

  MadNodes(Path sysfs) {
    root = sysfs.resolve("class/infiniband_mad");
  }

  /** The names of the nodes of a port, sorted; none where the kernel has none. */
  List<String> of(String device, int port) {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> nodes = Files.newDirectoryStream(root, "{umad,issm}*")) {
      for (Path node : nodes) {
        if (text(node.resolve("ibdev")).equals(device)
            && text(node.resolve("port")).equals(Integer.toString(port))) {
          names.add(node.getFileName().toString());
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return List.of(); // the module ib_umad is not loaded
    }
    Collections.sort(names);
    return names;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      return "";
    }
  }
}
