package io.rdmagid.deviceplugin.nri;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;

/** Reads the runtime's frames, of any length, and gives the messages in them. For one thread. */
final class FrameReader {
  private static final int FRAME_HEADER = 8;
  private static final int LONGEST_FRAME = Message.HEADER + MessageAssembly.LONGEST;
  private static final int BUFFER = 64 << 10;

  private final ReadableByteChannel channel;
  private final ByteBuffer input = ByteBuffer.allocate(BUFFER).flip();
  private final ByteBuffer frameHeader = ByteBuffer.allocate(FRAME_HEADER);
  private final MessageAssembly plugin = new MessageAssembly(Message.PLUGIN);
  private final MessageAssembly runtime = new MessageAssembly(Message.RUNTIME);
  private MessageAssembly current = plugin;
  private int leftInFrame;

  /** Reads from a channel that blocks. */
  FrameReader(ReadableByteChannel channel) {
    this.channel = channel;
  }

  /**
   * Blocks for the next message.
   *
   * @return null at the end of the stream
   * @throws NriProtocolException if the bytes are no frames, or end inside a message
   * @throws IOException if the channel fails or is closed
   */
  @Nullable Message next() throws IOException {
    while (true) {
      while (leftInFrame == 0) {
        if (!readFrameHeader()) {
          return null;
        }
      }
      if (!input.hasRemaining() && !fill()) {
        throw new NriProtocolException("the stream ended inside a frame");
      }
      int length = Math.min(leftInFrame, input.remaining());
      ByteBuffer piece = input.slice(input.position(), length);
      Message message = current.take(piece);
      input.position(input.position() + piece.position());
      leftInFrame -= piece.position();
      if (message != null) {
        return message;
      }
    }
  }

  /** Whether there is another frame. */
  private boolean readFrameHeader() throws IOException {
    frameHeader.clear();
    while (frameHeader.hasRemaining()) {
      if (!input.hasRemaining() && !fill()) {
        if (frameHeader.position() > 0 || plugin.isInside() || runtime.isInside()) {
          throw new NriProtocolException("the stream ended inside a message");
        }
        return false;
      }
      frameHeader.put(input.get());
    }
    int connection = frameHeader.getInt(0);
    current =
        switch (connection) {
          case Message.PLUGIN -> plugin;
          case Message.RUNTIME -> runtime;
          default ->
              throw new NriProtocolException(
                  "a frame of connection " + Integer.toUnsignedLong(connection));
        };
    leftInFrame = frameHeader.getInt(4);
    if (leftInFrame < 0 || leftInFrame > LONGEST_FRAME) {
      throw new NriProtocolException(
          "a frame of " + Integer.toUnsignedLong(leftInFrame) + " bytes");
    }
    return true;
  }

  private boolean fill() throws IOException {
    int read = channel.read(input.clear());
    input.flip();
    return read >= 0;
  }
}
