package io.rdmagid.deviceplugin.nri;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Writes messages in frames that the runtime can take: it reads into a buffer of 4,096 bytes, and
 * ends the connection of a plugin that sends more in one (nri v0.11.0, pkg/net/multiplex/mux.go:
 * ENOMEM). For one thread at a time.
 */
final class FrameWriter {
  /** The most data in one of our frames. */
  static final int LONGEST_FRAME = 4096;

  private static final int FRAME_HEADER = 8;

  private final WritableByteChannel channel;

  /** Writes to a channel that blocks. */
  FrameWriter(WritableByteChannel channel) {
    this.channel = channel;
  }

  /**
   * Blocks until the message is written.
   *
   * @throws IOException if the channel fails or is closed
   */
  void write(Message message) throws IOException {
    int length = Message.HEADER + message.data().size();
    ByteBuffer bytes =
        ByteBuffer.allocate(length)
            .putInt(message.data().size())
            .putInt(message.stream())
            .put((byte) message.type())
            .put((byte) 0);
    message.data().copyTo(bytes);
    bytes.flip();
    int frames = Math.ceilDiv(length, LONGEST_FRAME);
    ByteBuffer framed = ByteBuffer.allocate(length + frames * FRAME_HEADER);
    while (bytes.hasRemaining()) {
      int inFrame = Math.min(LONGEST_FRAME, bytes.remaining());
      framed.putInt(message.connection()).putInt(inFrame);
      framed.put(bytes.slice(bytes.position(), inFrame));
      bytes.position(bytes.position() + inFrame);
    }
    framed.flip();
    while (framed.hasRemaining()) {
      int _ = channel.write(framed);
    }
  }
}
