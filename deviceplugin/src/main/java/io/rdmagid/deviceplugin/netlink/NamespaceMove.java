package io.rdmagid.deviceplugin.netlink;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.rdmagid.deviceplugin.inventory.NamespaceLook;
import io.rdmagid.deviceplugin.posix.CallState;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import io.rdmagid.deviceplugin.posix.NativeLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Moves a thread into another network namespace for good, with mounts of its own and that
 * namespace's sysfs among them: what setns(2), unshare(2) and mount(2) do to the calling thread
 * alone. Only for a process that then reads on this thread and ends. Whatever other threads it has
 * stay where they were, except those that this one starts or wakes: it must not use virtual
 * threads.
 */
public final class NamespaceMove {
  private static final NativeLibrary LIBC = NativeLibrary.libc();
  private static final MethodHandle UNSHARE =
      LIBC.function("unshare", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle MOUNT =
      LIBC.function(
          "mount", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));

  private static final int CLONE_NEWNS = 0x2_0000; // linux/sched.h

  // linux/mount.h
  private static final long MS_RDONLY = 1;
  private static final long MS_NOSUID = 2;
  private static final long MS_NODEV = 4;
  private static final long MS_NOEXEC = 8;
  private static final long MS_REC = 0x4000;
  private static final long MS_PRIVATE = 0x4_0000;

  private NamespaceMove() {}

  /**
   * Moves the calling thread.
   *
   * @param namespace a file to enter it by
   * @param sysfs where sysfs is mounted, usually /sys; what is there is covered
   * @return why not, the thread then stands anywhere; empty after the move
   */
  public static Optional<NamespaceLook.Unseen> into(Path namespace, Path sysfs) {
    try (FileDescriptors descriptors = new FileDescriptors();
        CallState calls = new CallState()) {
      try {
        enter(namespace, descriptors, calls);
      } catch (NetlinkException e) {
        return Optional.of(NamespaceReader.unseen(e));
      }
      int _ =
          NetlinkException.check(
              "unshare of mounts",
              calls.call(errno -> (int) UNSHARE.invokeExact(errno, CLONE_NEWNS)));
      // Else the next mount would show in the namespace of mounts that we come from.
      mount(calls, "none", "/", "none", MS_REC | MS_PRIVATE);
      mount(
          calls, "sysfs", sysfs.toString(), "sysfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC);
      return Optional.empty();
    } catch (NetlinkException e) {
      return Optional.of(NamespaceLook.Unseen.refused(e.getMessage()));
    }
  }

  private static void enter(Path namespace, FileDescriptors descriptors, CallState calls) {
    int descriptor =
        NetlinkException.check("open " + namespace, descriptors.open(namespace.toString()));
    try {
      int _ =
          NetlinkException.check(
              "setns to " + namespace,
              calls.call(errno ->
                  (int)
                      NamespaceVisit.SETNS.invokeExact(
                          errno, descriptor, NamespaceVisit.CLONE_NEWNET)));
    } finally {
      long _ = descriptors.close(descriptor);
    }
  }

  private static void mount(
      CallState calls, String source, String target, String type, long flags) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment from = arena.allocateFrom(source);
      MemorySegment at = arena.allocateFrom(target);
      MemorySegment kind = arena.allocateFrom(type);
      int _ =
          NetlinkException.check(
              "mount of " + type + " on " + target,
              calls.call(errno ->
                  (int) MOUNT.invokeExact(errno, from, at, kind, flags, MemorySegment.NULL)));
    }
  }
}
