package io.rdmagid.deviceplugin.nri;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;

/** Gives bytes in pieces of given length, and then the end of the stream; keeps what is written. */
final class ScriptedChannel implements ByteChannel {
  private final ByteBuffer bytes;
  private final int pieceLength;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private boolean closed;

  ScriptedChannel(byte[] bytes, int pieceLength) {
    this.bytes = ByteBuffer.wrap(bytes);
    this.pieceLength = pieceLength;
  }

  synchronized byte[] written() {
    return written.toByteArray();
  }

  @Override
  public synchronized int read(ByteBuffer into) throws ClosedChannelException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (!bytes.hasRemaining()) {
      return -1;
    }
    int length = Math.min(pieceLength, Math.min(into.remaining(), bytes.remaining()));
    into.put(bytes.slice(bytes.position(), length));
    bytes.position(bytes.position() + length);
    return length;
  }

  @Override
  public synchronized int write(ByteBuffer from) throws ClosedChannelException {
    if (closed) {
      throw new ClosedChannelException();
    }
    byte[] piece = new byte[from.remaining()];
    from.get(piece);
    written.writeBytes(piece);
    return piece.length;
  }

  @Override
  public synchronized boolean isOpen() {
    return !closed;
  }

  @Override
  public synchronized void close() {
    closed = true;
  }
}
