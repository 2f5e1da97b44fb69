package io.rdmagid.deviceplugin.observe;

import io.rdmagid.deviceplugin.inventory.Eligibility;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.NamespaceLook;
import io.rdmagid.deviceplugin.inventory.NamespaceView;
import io.rdmagid.deviceplugin.inventory.RdmaNamespaceMode;
import io.rdmagid.deviceplugin.netlink.NamespaceMove;
import io.rdmagid.deviceplugin.netlink.NamespaceReader;
import io.rdmagid.deviceplugin.netlink.NetlinkException;
import io.rdmagid.deviceplugin.netlink.Patience;
import io.rdmagid.deviceplugin.netlink.RdmaSystem;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import io.rdmagid.deviceplugin.recording.Capture;
import io.rdmagid.deviceplugin.recording.Recording;
import io.rdmagid.deviceplugin.recording.RecordingReader;
import io.rdmagid.deviceplugin.recording.RecordingWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The tables as a program in a network namespace finds them. In shared mode they are read from
 * here, and sorted by what the namespace has of links and addresses; in exclusive mode by a process
 * that moves there, since nobody else can open the namespace's devices.
 */
public final class NamespaceReading {
  private static final Path OWN = Path.of("/proc/thread-self/ns/net");
  private static final String ADVICE =
      "; run as root, with CAP_SYS_ADMIN, and for the namespace of another user's process"
          + " CAP_SYS_PTRACE";

  private NamespaceReading() {}

  /** Reads from inside a namespace, which may be done by a process that calls {@link #stay}. */
  @FunctionalInterface
  public interface Inside {
    /**
     * All of that namespace's devices.
     *
     * @param namespace a file to enter it by
     */
    OneReading.Result read(Path namespace);
  }

  /**
   * Reads on the calling thread, a platform thread: of each port the entries that a program in the
   * namespace can use, all others as those of other namespaces.
   *
   * @param namespace a file to enter it by, such as /proc/PID/ns/net
   * @param sysfs where sysfs is mounted, usually /sys
   */
  public static OneReading.Result read(Path namespace, Path sysfs, Inside inside) {
    return read(namespace, sysfs, inside, () -> mode(sysfs));
  }

  /** The same where somebody else says in which mode the kernel is. */
  static OneReading.Result read(
      Path namespace, Path sysfs, Inside inside, Supplier<RdmaNamespaceMode> mode) {
    boolean own = isOwn(namespace);
    if (!own && mode.get() == RdmaNamespaceMode.EXCLUSIVE) {
      return inside.read(namespace);
    }
    OneReading.Result here = OneReading.ownDevices(sysfs);
    return here instanceof OneReading.Result.Read read
        ? seenFrom(look(own ? Optional.empty() : Optional.of(namespace)), read)
        : here;
  }

  /**
   * Moves the calling thread into the namespace for good, and reads there. Only for a process that
   * ends afterwards.
   *
   * @param namespace a file to enter it by
   * @param sysfs where sysfs is mounted, usually /sys
   */
  public static OneReading.Result stay(Path namespace, Path sysfs) {
    return NamespaceMove.into(namespace, sysfs)
        .map(NamespaceReading::result)
        .orElseGet(() -> OneReading.ownDevices(sysfs));
  }

  /** What was read as one document, for {@link #result(String, List)} in another process. */
  public static String document(Inventory inventory) {
    return RecordingWriter.text(Recording.of(Capture.UNKNOWN, inventory, List.of(), Map.of()));
  }

  /**
   * What another process read.
   *
   * @param document by {@link #document}
   * @param refusals what the system refused it, a sentence each
   */
  public static OneReading.Result result(String document, List<String> refusals) {
    return OneReading.result(RecordingReader.parse(document), refusals);
  }

  /** Sorts the entries of what was read by what a look into the namespace gave. */
  static OneReading.Result seenFrom(NamespaceLook look, OneReading.Result.Read read) {
    return switch (look) {
      case NamespaceLook.Seen(NamespaceView view) ->
          new OneReading.Result.Read(
              Eligibility.seenFrom(view, read.inventory()), read.refusals(), Map.of());
      case NamespaceLook.Unseen unseen -> result(unseen);
    };
  }

  private static OneReading.Result result(NamespaceLook.Unseen unseen) {
    return switch (unseen.why()) {
      case GONE -> new OneReading.Result.Invalid(List.of("there is none: " + unseen.reason()));
      case NO_NAMESPACE ->
          new OneReading.Result.Invalid(List.of("it is no network namespace: " + unseen.reason()));
      case REFUSED -> new OneReading.Result.Refused(unseen.reason() + ADVICE);
    };
  }

  private static NamespaceLook look(Optional<Path> namespace) {
    try (NamespaceReader reader = new NamespaceReader(Patience.LONG)) {
      return reader.look(namespace);
    } catch (NetlinkException e) {
      return NamespaceLook.Unseen.refused(e.getMessage());
    }
  }

  private static RdmaNamespaceMode mode(Path sysfs) {
    try (FileDescriptors descriptors = new FileDescriptors()) {
      return RdmaSystem.ask(descriptors, sysfs).mode();
    }
  }

  /** From another namespace's point of view the own one's links would be those of a pod. */
  private static boolean isOwn(Path namespace) {
    try {
      return Files.isSameFile(namespace, OWN);
    } catch (IOException e) {
      return false; // the look tells why
    }
  }
}
