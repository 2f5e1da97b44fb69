package io.rdmagid.deviceplugin.netlink;

import io.rdmagid.deviceplugin.posix.Errno;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What one recvfrom(2) of a netlink socket gave: messages, each behind its nlmsghdr
 * (linux/netlink.h). Not thread-safe; valid until the socket is read again.
 */
final class Datagram {
  /** Of nlmsghdr, in bytes. */
  static final int HEADER = 16;

  private final ByteBuffer bytes;

  /**
   * Looks into a datagram from its start.
   *
   * @param bytes in the machine's byte order; taking messages moves its position
   */
  Datagram(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  /** A message with the rest of its header. */
  record Received(Message message, short flags, int sequence) {}

  /** Whether there is room for another header. */
  boolean hasNext() {
    return bytes.remaining() >= HEADER;
  }

  /**
   * Takes the next message, where {@link #hasNext} is true.
   *
   * @throws NetlinkException EINVAL if its length is not that of a message in here
   */
  Received next() {
    int length = bytes.getInt(bytes.position());
    return take()
        .orElseThrow(
            () -> new NetlinkException("message of " + length + " bytes", Errno.EINVAL.code()));
  }

  /**
   * Hands all messages on.
   *
   * @return false if the rest cannot be told apart, for the length of one is impossible: lost, as
   *     what the kernel drops
   */
  boolean forEach(Consumer<Message> events) {
    while (hasNext()) {
      Optional<Received> received = take();
      if (received.isEmpty()) {
        return false;
      }
      events.accept(received.get().message);
    }
    return true;
  }

  private Optional<Received> take() {
    int start = bytes.position();
    int length = bytes.getInt(start);
    if (length < HEADER || length > bytes.remaining()) {
      return Optional.empty();
    }
    ByteBuffer body = bytes.slice(start + HEADER, length - HEADER).order(ByteOrder.nativeOrder());
    bytes.position(Math.min(bytes.limit(), start + NetlinkSocket.align(length)));
    return Optional.of(
        new Received(
            new Message(bytes.getShort(start + 4), body),
            bytes.getShort(start + 6),
            bytes.getInt(start + 8)));
  }
}
