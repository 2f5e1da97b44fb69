package io.rdmagid.deviceplugin.nri;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Puts the messages of one connection together, whatever pieces they come in. Holds no more memory
 * than the bytes that came. For one thread.
 */
final class MessageAssembly {
  /** The runtime's own limit is 4 MiB. */
  static final int LONGEST = 16 << 20;

  private final int connection;
  private final ByteBuffer header = ByteBuffer.allocate(Message.HEADER);
  private final ByteString.Output data = ByteString.newOutput();

  MessageAssembly(int connection) {
    this.connection = connection;
  }

  /**
   * Takes bytes up to the end of one message, and leaves the rest.
   *
   * @return the message, or null if all was taken and it is not complete
   * @throws NriProtocolException if it is longer than {@link #LONGEST}
   */
  @Nullable Message take(ByteBuffer from) throws NriProtocolException {
    while (header.hasRemaining()) {
      if (!from.hasRemaining()) {
        return null;
      }
      header.put(from.get());
    }
    int length = header.getInt(0);
    if (length < 0 || length > LONGEST) {
      throw new NriProtocolException(
          "a message of " + Integer.toUnsignedLong(length) + " bytes, more than " + LONGEST);
    }
    byte[] piece = new byte[Math.min(length - data.size(), from.remaining())];
    from.get(piece);
    data.write(piece, 0, piece.length);
    if (data.size() < length) {
      return null;
    }
    Message message = new Message(connection, header.getInt(4), header.get(8), data.toByteString());
    header.clear();
    data.reset();
    return message;
  }

  /** Whether the end of a message is still to come. */
  boolean isInside() {
    return header.position() > 0;
  }
}
