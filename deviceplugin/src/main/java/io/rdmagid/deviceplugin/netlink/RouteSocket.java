package io.rdmagid.deviceplugin.netlink;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.rdmagid.deviceplugin.posix.CallState;
import io.rdmagid.deviceplugin.posix.Errno;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import io.rdmagid.deviceplugin.posix.NativeLibrary;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * A NETLINK_ROUTE socket for dumps, in the network namespace that its thread stands in when it is
 * made. Not thread-safe: it belongs to the platform thread that made it.
 *
 * <p>Layouts: nlmsghdr and sockaddr_nl of linux/netlink.h, ifinfomsg of linux/rtnetlink.h,
 * ifaddrmsg of linux/if_addr.h.
 */
public final class RouteSocket implements AutoCloseable {
  private static final NativeLibrary LIBC = NativeLibrary.libc();
  private static final MethodHandle SOCKET =
      LIBC.function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle SEND =
      LIBC.function(
          "send", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle RECVFROM =
      LIBC.function(
          "recvfrom",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS));

  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW = 3;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int NETLINK_ROUTE = 0;
  private static final int MSG_TRUNC = 0x20;
  private static final int SOCKADDR_NL_SIZE = 12;
  private static final int SOCKADDR_NL_PORT = 4;

  private static final short NLMSG_ERROR = 2;
  private static final short NLMSG_DONE = 3;
  private static final short NLM_F_REQUEST = 1;
  private static final short NLM_F_DUMP_INTR = 0x10;
  private static final short NLM_F_DUMP = 0x300;
  private static final short NETNSA_FD = 3; // linux/net_namespace.h

  /** What the kernel's own dumps need at most (NLMSG_GOODSIZE is a page; iproute2 reads 32 KiB). */
  private static final int BUFFER = 64 * 1024;

  /** A dump is disturbed only by a change while it runs: this many in a row are no accident. */
  private static final int ATTEMPTS = 50;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(50);

  private final FileDescriptors descriptors;
  private final CallState calls = new CallState();
  private final MemorySegment buffer = calls.arena().allocate(BUFFER, 8);
  private final MemorySegment request = calls.arena().allocate(64, 8);
  private final MemorySegment sender = calls.arena().allocate(SOCKADDR_NL_SIZE, 4);
  private final MemorySegment senderLength = calls.arena().allocate(JAVA_INT);
  private final int descriptor;
  private int sequence;

  /**
   * Opens the socket.
   *
   * @param descriptors of the same thread
   * @throws NetlinkException if the kernel refuses
   */
  public RouteSocket(FileDescriptors descriptors) {
    this.descriptors = descriptors;
    long result =
        calls.call(errno ->
            (int) SOCKET.invokeExact(errno, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
    if (result < 0) {
      calls.close();
      throw new NetlinkException("socket", (int) -result);
    }
    descriptor = (int) result;
  }

  /**
   * Takes over a socket, of whatever network namespace it was made in.
   *
   * @param descriptors of the same thread
   * @param descriptor of a NETLINK_ROUTE socket; {@link #close} closes it
   */
  RouteSocket(FileDescriptors descriptors, int descriptor) {
    this.descriptors = descriptors;
    this.descriptor = descriptor;
  }

  /**
   * The id by which the socket's namespace knows another one, as messages of this socket use it; -1
   * where it has none.
   *
   * @param namespace a file descriptor of the other
   * @throws NetlinkException if the kernel refuses
   */
  int namespaceId(int namespace) {
    request.fill((byte) 0);
    request.set(JAVA_SHORT, NetlinkMessages.HEADER + 4, (short) 8); // rtattr: length, type, value
    request.set(JAVA_SHORT, NetlinkMessages.HEADER + 6, NETNSA_FD);
    request.set(JAVA_INT, NetlinkMessages.HEADER + 8, namespace);
    send(NetlinkMessages.RTM_GETNSID, NLM_F_REQUEST, 12);
    ByteBuffer answer = receive();
    short type = answer.getShort(4);
    if (type == NLMSG_ERROR) {
      throw new NetlinkException("RTM_GETNSID", -answer.getInt(NetlinkMessages.HEADER));
    }
    ByteBuffer body =
        answer
            .slice(NetlinkMessages.HEADER, answer.remaining() - NetlinkMessages.HEADER)
            .order(ByteOrder.nativeOrder());
    return NetlinkMessages.namespaceId(new Message(type, body)).orElse(-1);
  }

  /** One message of a dump: its body, positioned behind the netlink header. */
  record Message(short type, ByteBuffer body) {}

  /**
   * All messages that answer a dump request, taken in one undisturbed dump.
   *
   * @param type RTM_GETLINK or RTM_GETADDR
   * @param bodySize of the request: that of ifinfomsg or ifaddrmsg
   * @param parser what to make of a message; empty for one that does not count
   * @throws NetlinkException if the kernel refuses, or the dump is disturbed again and again
   */
  <T> List<T> dump(short type, int bodySize, Function<Message, Optional<T>> parser) {
    return undisturbed(
        () -> {
          sendRequest(type, bodySize);
          List<T> result = new ArrayList<>();
          return collect(result, parser) ? Optional.of(result) : Optional.empty();
        },
        LockSupport::parkNanos);
  }

  /**
   * Dumps until nothing changes meanwhile, with pauses that grow: whatever changes links in a row
   * (pods that start) needs a moment, and the kernel's lock for it.
   *
   * @param dump empty if it was disturbed
   * @param pause waits so many nanoseconds
   */
  static <T> T undisturbed(Supplier<Optional<T>> dump, LongConsumer pause) {
    long nanos = FIRST_PAUSE.toNanos();
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      Optional<T> result = dump.get();
      if (result.isPresent()) {
        return result.get();
      }
      if (attempt < ATTEMPTS) {
        pause.accept(nanos);
        nanos = Math.min(2 * nanos, LONGEST_PAUSE.toNanos());
      }
    }
    throw new NetlinkException("dump disturbed " + ATTEMPTS + " times", Errno.EAGAIN.code());
  }

  @Override
  public void close() {
    descriptors.close(descriptor);
    calls.close();
  }

  private void sendRequest(short type, int bodySize) {
    request.fill((byte) 0);
    send(type, (short) (NLM_F_REQUEST | NLM_F_DUMP), bodySize);
  }

  private void send(short type, short flags, int bodySize) {
    int length = NetlinkMessages.HEADER + bodySize;
    request.set(JAVA_INT, 0, length);
    request.set(JAVA_SHORT, 4, type);
    request.set(JAVA_SHORT, 6, flags);
    request.set(JAVA_INT, 8, ++sequence);
    long result =
        calls.call(errno -> (long) SEND.invokeExact(errno, descriptor, request, (long) length, 0));
    if (result < 0) {
      throw new NetlinkException("send", (int) -result);
    }
  }

  /**
   * Reads a dump to its end. False if a change came between its parts, so that it may show neither
   * state.
   */
  private <T> boolean collect(List<T> result, Function<Message, Optional<T>> parser) {
    boolean undisturbed = true;
    while (true) {
      ByteBuffer part = receive();
      while (part.remaining() >= NetlinkMessages.HEADER) {
        int start = part.position();
        int length = part.getInt(start);
        short type = part.getShort(start + 4);
        if (length < NetlinkMessages.HEADER || length > part.remaining()) {
          throw new NetlinkException("message of " + length + " bytes", Errno.EINVAL.code());
        }
        if (part.getInt(start + 8) == sequence) {
          undisturbed &= (part.getShort(start + 6) & NLM_F_DUMP_INTR) == 0;
          if (type == NLMSG_ERROR || type == NLMSG_DONE) {
            int error =
                length >= NetlinkMessages.HEADER + 4
                    ? part.getInt(start + NetlinkMessages.HEADER)
                    : 0;
            if (error < 0) {
              throw new NetlinkException("dump", -error);
            }
            return undisturbed;
          }
          ByteBuffer body =
              part.slice(start + NetlinkMessages.HEADER, length - NetlinkMessages.HEADER)
                  .order(ByteOrder.nativeOrder());
          parser.apply(new Message(type, body)).ifPresent(result::add);
        }
        part.position(Math.min(part.limit(), start + NetlinkMessages.align(length)));
      }
    }
  }

  /**
   * The next datagram that the kernel itself sent: anyone with CAP_NET_ADMIN here could send one as
   * well.
   */
  private ByteBuffer receive() {
    while (true) {
      senderLength.set(JAVA_INT, 0, SOCKADDR_NL_SIZE);
      long length =
          calls.call(errno ->
              (long)
                  RECVFROM.invokeExact(
                      errno,
                      descriptor,
                      buffer,
                      buffer.byteSize(),
                      MSG_TRUNC,
                      sender,
                      senderLength));
      if (length < 0) {
        throw new NetlinkException("recvfrom", (int) -length);
      }
      if (length > BUFFER) {
        throw new NetlinkException("datagram of " + length + " bytes", Errno.ENOBUFS.code());
      }
      if (sender.get(JAVA_INT, SOCKADDR_NL_PORT) == 0) {
        return buffer.asSlice(0, length).asByteBuffer().order(ByteOrder.nativeOrder());
      }
    }
  }
}
