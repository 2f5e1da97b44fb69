package io.rdmagid.deviceplugin.netlink;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.rdmagid.deviceplugin.posix.CallState;
import io.rdmagid.deviceplugin.posix.Errno;
import io.rdmagid.deviceplugin.posix.FileDescriptors;
import io.rdmagid.deviceplugin.posix.NativeLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * A netlink socket (netlink(7)) for questions, dumps or events, in the network namespace that its
 * thread stands in when it is made. Not thread-safe: it belongs to the platform thread that made
 * it. One that has events is for them only: an answer could get lost among them.
 *
 * <p>Only what the kernel itself sent counts (port 0): anyone with CAP_NET_ADMIN in the namespace
 * could send to the socket as well.
 *
 * <p>Layouts: nlmsghdr and sockaddr_nl of linux/netlink.h.
 */
final class NetlinkSocket implements AutoCloseable {
  /** NETLINK_ROUTE. */
  static final int ROUTE = 0;

  /** NETLINK_RDMA. */
  static final int RDMA = 20;

  /** AF_NETLINK, for whoever makes the socket elsewhere. */
  static final int FAMILY = 16;

  /** SOCK_RAW | SOCK_CLOEXEC. */
  static final int TYPE = 3 | 0x80000;

  private static final NativeLibrary LIBC = NativeLibrary.libc();
  private static final MethodHandle SOCKET =
      LIBC.function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle BIND =
      LIBC.function("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle SEND =
      LIBC.function(
          "send", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle RECVFROM =
      LIBC.function(
          "recvfrom",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS));

  private static final int MSG_TRUNC = 0x20;
  private static final int SOCKADDR_NL_SIZE = 12;
  private static final int SOCKADDR_NL_PORT = 4;
  private static final int SOCKADDR_NL_GROUPS = 8;

  private static final short NLMSG_ERROR = 2;
  private static final short NLMSG_DONE = 3;
  private static final short NLM_F_REQUEST = 1;
  private static final short NLM_F_DUMP_INTR = 0x10;
  private static final short NLM_F_DUMP = 0x300;

  /** What the kernel's own dumps need at most (NLMSG_GOODSIZE is a page; iproute2 reads 32 KiB). */
  private static final int BUFFER = 64 * 1024;

  private static final int MOST_REQUEST = 64;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(50);

  private final FileDescriptors descriptors;
  private final CallState calls = new CallState();
  private final MemorySegment buffer = calls.arena().allocate(BUFFER, 8);
  private final MemorySegment request = calls.arena().allocate(MOST_REQUEST, 8);
  private final MemorySegment sender = calls.arena().allocate(SOCKADDR_NL_SIZE, 4);
  private final MemorySegment number = calls.arena().allocate(JAVA_INT);
  private final int descriptor;
  private int sequence;

  /**
   * Takes over a socket, of whatever network namespace it was made in.
   *
   * @param descriptors of the same thread
   * @param descriptor of a netlink socket; {@link #close} closes it
   */
  NetlinkSocket(FileDescriptors descriptors, int descriptor) {
    this.descriptors = descriptors;
    this.descriptor = descriptor;
  }

  /**
   * Opens a socket.
   *
   * @param descriptors of the same thread
   * @param protocol {@link #ROUTE} or {@link #RDMA}
   * @throws NetlinkException if the kernel refuses, EPROTONOSUPPORT where it has no such protocol
   */
  static NetlinkSocket open(FileDescriptors descriptors, int protocol) {
    try (CallState calls = new CallState()) {
      return new NetlinkSocket(
          descriptors,
          NetlinkException.check(
              "socket",
              calls.call(errno -> (int) SOCKET.invokeExact(errno, FAMILY, TYPE, protocol))));
    }
  }

  static int align(int length) {
    return (length + 3) & ~3;
  }

  int descriptor() {
    return descriptor;
  }

  /**
   * The one message that answers a question.
   *
   * @param operation for the exception
   * @param body of the question, at most 48 bytes
   * @throws NetlinkException if the kernel refuses
   */
  Message ask(String operation, short type, byte[] body) {
    send(type, NLM_F_REQUEST, body);
    while (true) {
      Datagram datagram = receive();
      while (datagram.hasNext()) {
        Datagram.Received received = datagram.next();
        if (received.sequence() == sequence) {
          if (received.message().type() == NLMSG_ERROR) {
            throw new NetlinkException(operation, error(received.message()));
          }
          return received.message();
        }
      }
    }
  }

  /**
   * All messages that answer a dump request, taken in one undisturbed dump.
   *
   * @param bodySize of the request, whose body is zero
   * @param parser what to make of a message; empty for one that does not count
   * @throws NetlinkException if the kernel refuses, EAGAIN if changes disturb the dump more often
   *     than the patience allows
   */
  <T> List<T> dump(
      short type, int bodySize, Patience patience, Function<Message, Optional<T>> parser) {
    return undisturbed(
        patience,
        () -> {
          send(type, (short) (NLM_F_REQUEST | NLM_F_DUMP), new byte[bodySize]);
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
  static <T> T undisturbed(Patience patience, Supplier<Optional<T>> dump, LongConsumer pause) {
    long nanos = FIRST_PAUSE.toNanos();
    for (int attempt = 1; attempt <= patience.tries(); attempt++) {
      Optional<T> result = dump.get();
      if (result.isPresent()) {
        return result.get();
      }
      if (attempt < patience.tries()) {
        pause.accept(nanos);
        nanos = Math.min(2 * nanos, LONGEST_PAUSE.toNanos());
      }
    }
    throw new NetlinkException(
        "dump disturbed " + patience.tries() + " times", Errno.EAGAIN.code());
  }

  /**
   * From here the kernel queues the events of these multicast groups for {@link #drain}. It sends
   * none to a socket without a port of its own, as one that never was bound.
   *
   * @param groups numbers from 1 to 32
   * @throws NetlinkException if the kernel refuses
   */
  void listen(int... groups) {
    int _ = NetlinkException.check("fcntl", descriptors.setNonBlocking(descriptor));
    int mask = 0;
    for (int group : groups) {
      mask |= 1 << (group - 1);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(SOCKADDR_NL_SIZE, 4);
      address.set(JAVA_SHORT, 0, (short) FAMILY);
      address.set(JAVA_INT, SOCKADDR_NL_GROUPS, mask);
      int _ =
          NetlinkException.check(
              "bind",
              calls.call(
                  errno -> (int) BIND.invokeExact(errno, descriptor, address, SOCKADDR_NL_SIZE)));
    }
  }

  /**
   * Takes the waiting events.
   *
   * @param events gets each
   * @return whether some were lost: the kernel drops without a word once the queue was full, until
   *     it has been empty. So whoever looks at what there is has to look after this, not before
   * @throws NetlinkException if the kernel refuses
   */
  boolean drain(Consumer<Message> events) {
    return drain(Integer.MAX_VALUE, events);
  }

  /**
   * The same of some, where others may send faster than we read; the rest waits.
   *
   * @param most how many datagrams to take
   */
  boolean drain(int most, Consumer<Message> events) {
    boolean lost = false;
    for (int taken = 0; taken < most; taken++) {
      long length = receiveOnce();
      if (length == -Errno.EAGAIN.code()) {
        return lost;
      }
      if (length == -Errno.ENOBUFS.code() || length > BUFFER) {
        lost = true;
        continue;
      }
      int _ = NetlinkException.check("recvfrom", length);
      if (isFromKernel()) {
        lost |= !datagram(length).forEach(events);
      }
    }
    return lost;
  }

  @Override
  public void close() {
    long _ = descriptors.close(descriptor);
    calls.close();
  }

  private void send(short type, short flags, byte[] body) {
    int length = Datagram.HEADER + body.length;
    request.set(JAVA_INT, 0, length);
    request.set(JAVA_SHORT, 4, type);
    request.set(JAVA_SHORT, 6, flags);
    request.set(JAVA_INT, 8, ++sequence);
    request.set(JAVA_INT, 12, 0);
    MemorySegment.copy(body, 0, request, JAVA_BYTE, Datagram.HEADER, body.length);
    int _ =
        NetlinkException.check(
            "send",
            calls.call(
                errno -> (long) SEND.invokeExact(errno, descriptor, request, (long) length, 0)));
  }

  /**
   * Reads a dump to its end. False if a change came between its parts, so that it may show neither
   * state.
   */
  private <T> boolean collect(List<T> result, Function<Message, Optional<T>> parser) {
    boolean undisturbed = true;
    while (true) {
      Datagram datagram = receive();
      while (datagram.hasNext()) {
        Datagram.Received received = datagram.next();
        if (received.sequence() != sequence) {
          continue;
        }
        undisturbed &= (received.flags() & NLM_F_DUMP_INTR) == 0;
        Message message = received.message();
        if (message.type() == NLMSG_ERROR || message.type() == NLMSG_DONE) {
          int error = error(message);
          if (error > 0) {
            throw new NetlinkException("dump", error);
          }
          return undisturbed;
        }
        parser.apply(message).ifPresent(result::add);
      }
    }
  }

  /** errno in an NLMSG_ERROR or NLMSG_DONE, 0 where it tells of none. */
  private static int error(Message message) {
    return message.body().limit() >= Integer.BYTES ? -message.body().getInt(0) : 0;
  }

  /** The next datagram that the kernel itself sent. */
  private Datagram receive() {
    while (true) {
      long length = receiveOnce();
      int _ = NetlinkException.check("recvfrom", length);
      if (length > BUFFER) {
        throw new NetlinkException("datagram of " + length + " bytes", Errno.ENOBUFS.code());
      }
      if (isFromKernel()) {
        return datagram(length);
      }
    }
  }

  /** The length of the next datagram, even if it is longer than the buffer, or errno negated. */
  private long receiveOnce() {
    number.set(JAVA_INT, 0, SOCKADDR_NL_SIZE);
    return calls.call(errno ->
        (long)
            RECVFROM.invokeExact(
                errno, descriptor, buffer, buffer.byteSize(), MSG_TRUNC, sender, number));
  }

  private boolean isFromKernel() {
    return sender.get(JAVA_INT, SOCKADDR_NL_PORT) == 0;
  }

  private Datagram datagram(long length) {
    return new Datagram(buffer.asSlice(0, length).asByteBuffer().order(ByteOrder.nativeOrder()));
  }
}
