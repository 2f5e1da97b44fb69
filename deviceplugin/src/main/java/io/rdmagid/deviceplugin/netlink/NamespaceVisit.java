package io.rdmagid.deviceplugin.netlink;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.rdmagid.deviceplugin.posix.CallState;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import io.rdmagid.deviceplugin.posix.NativeLibrary;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/**
 * Makes rtnetlink sockets in other network namespaces (setns(2)). It belongs to one platform
 * thread. A socket keeps the namespace that it was made in, so everything else happens back at
 * home.
 *
 * <p>While the thread is away three native calls run and nothing else: a thread that Java started
 * there, even a virtual thread's carrier, would stay there for ever.
 */
final class NamespaceVisit implements AutoCloseable {
  private static final NativeLibrary LIBC = NativeLibrary.libc();
  static final MethodHandle SETNS =
      LIBC.function("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle SOCKET =
      LIBC.function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final VarHandle ERRNO =
      Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));

  static final int CLONE_NEWNET = 0x4000_0000;

  private static final Path OWN = Path.of("/proc/thread-self/ns/net");

  private final FileDescriptors descriptors;
  private final CallState calls = new CallState();
  private final MemorySegment wentErrno =
      calls.arena().allocate(Linker.Option.captureStateLayout());
  private final MemorySegment socketErrno =
      calls.arena().allocate(Linker.Option.captureStateLayout());
  private final MemorySegment backErrno =
      calls.arena().allocate(Linker.Option.captureStateLayout());
  private final int home;

  /**
   * Notes the namespace that the thread stands in, and links the three calls before the first
   * visit, by one that stays at home.
   *
   * @param descriptors of the same thread
   * @throws NetlinkException if the kernel refuses
   */
  NamespaceVisit(FileDescriptors descriptors) {
    this.descriptors = descriptors;
    home = open(OWN);
    new RouteSocket(descriptors, socketIn(home, "the own namespace")).close();
  }

  /** A file descriptor of the thread's own namespace. */
  int home() {
    return home;
  }

  /**
   * A socket of the namespace that this file is.
   *
   * @throws NetlinkException if it is no namespace or gone, or the kernel refuses
   */
  RouteSocket socket(Path namespace) {
    return new RouteSocket(descriptors, descriptor(namespace));
  }

  /**
   * The events of the namespace that this file is, from here on.
   *
   * @throws NetlinkException if it is no namespace or gone, or the kernel refuses
   */
  LinkEvents events(Path namespace) {
    return new LinkEvents(new NetlinkSocket(descriptors, descriptor(namespace)));
  }

  private int descriptor(Path namespace) {
    int descriptor = open(namespace);
    try {
      return socketIn(descriptor, namespace.toString());
    } finally {
      long _ =
          descriptors.close(
              descriptor); // an open one keeps the namespace alive, with all its links
    }
  }

  @Override
  public void close() {
    long _ = descriptors.close(home);
    calls.close();
  }

  private int socketIn(int namespace, String name) {
    int went;
    int socket = -1;
    int back = 0;
    try {
      went = (int) SETNS.invokeExact(wentErrno, namespace, CLONE_NEWNET);
      if (went == 0) {
        socket =
            (int)
                SOCKET.invokeExact(
                    socketErrno, NetlinkSocket.FAMILY, NetlinkSocket.TYPE, NetlinkSocket.ROUTE);
        back = (int) SETNS.invokeExact(backErrno, home, CLONE_NEWNET);
      }
    } catch (Throwable e) {
      throw new AssertionError("a method handle of a C function threw", e);
    }
    if (back != 0) {
      // This thread now sees another namespace, and nothing it reads would be true. halt(2) runs no
      // Java on other threads, so the kubelet starts a clean process.
      Runtime.getRuntime().halt(70);
    }
    if (went != 0) {
      throw new NetlinkException("setns to " + name, errno(wentErrno));
    }
    if (socket < 0) {
      throw new NetlinkException("socket in " + name, errno(socketErrno));
    }
    return socket;
  }

  private static int errno(MemorySegment state) {
    return (int) ERRNO.get(state, 0L);
  }

  private int open(Path path) {
    return NetlinkException.check("open " + path, descriptors.open(path.toString()));
  }
}
