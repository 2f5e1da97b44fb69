package io.rdmagid.deviceplugin.observe;

import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.LinkDescription;
import io.rdmagid.deviceplugin.netlink.LinkDescriptions;
import io.rdmagid.deviceplugin.netlink.NetlinkException;
import io.rdmagid.deviceplugin.netlink.RouteSocket;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import io.rdmagid.deviceplugin.recording.Capture;
import io.rdmagid.deviceplugin.recording.Recording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** Makes a recording of what was read of this node's kernel. */
public final class NodeRecorder {
  private final Path proc;
  private final Clock clock;

  /**
   * Reads nothing yet.
   *
   * @param proc where proc is mounted, usually /proc
   */
  public NodeRecorder(Path proc, Clock clock) {
    this.proc = proc;
    this.clock = clock;
  }

  /**
   * Adds to an inventory what is to be known of its node. On a platform thread.
   *
   * @param environment the variables that a program is to see
   * @throws IllegalStateException if the kernel does not tell the links; it may the next time
   */
  public Recording of(Inventory inventory, Map<String, String> environment) {
    return Recording.of(capture(), inventory, links(), environment);
  }

  private Capture capture() {
    return new Capture(
        text(proc.resolve("sys/kernel/hostname")),
        text(proc.resolve("sys/kernel/osrelease")),
        clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
  }

  private static List<LinkDescription> links() {
    try (FileDescriptors descriptors = new FileDescriptors();
        RouteSocket socket = new RouteSocket(descriptors)) {
      return LinkDescriptions.read(socket);
    } catch (NetlinkException e) {
      throw new IllegalStateException("links cannot be recorded: " + e.getMessage(), e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      return ""; // a fact that nobody knows here
    }
  }
}
