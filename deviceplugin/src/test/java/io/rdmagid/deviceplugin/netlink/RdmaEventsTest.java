package io.rdmagid.deviceplugin.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rdmagid.deviceplugin.posix.FileDescriptors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RdmaEventsTest {
  /**
   * Each look for devices asks anew: what it left open would grow for as long as the agent runs.
   */
  @Test
  void whereTheKernelRefusesToTellNothingStaysOpen(@TempDir Path folder) throws IOException {
    Path noSocket = Files.createFile(folder.resolve("no-socket")).toRealPath();
    try (FileDescriptors descriptors = new FileDescriptors()) {
      int descriptor = descriptors.open(noSocket.toString());
      assertThat(openFiles()).contains(noSocket);

      assertThatThrownBy(() -> new RdmaEvents(new NetlinkSocket(descriptors, descriptor)))
          .isInstanceOf(NetlinkException.class)
          .hasMessageContaining("bind");

      assertThat(openFiles()).doesNotContain(noSocket);
    }
  }

  private static List<Path> openFiles() throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors.toList()) {
        try {
          files.add(Files.readSymbolicLink(descriptor));
        } catch (NoSuchFileException e) {
          // closed between the listing and the look, as that of the listing itself
        }
      }
    }
    return files;
  }
}
