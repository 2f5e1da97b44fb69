package io.rdmagid.deviceplugin.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Puts netlink messages together as the kernel does, in the machine's byte order. */
final class MessageBytes {
  private final ByteBuffer bytes = ByteBuffer.allocate(1024).order(ByteOrder.nativeOrder());

  /** A body that begins with these bytes of a fixed header. */
  static MessageBytes of(int... header) {
    MessageBytes body = new MessageBytes();
    for (int b : header) {
      body.bytes.put((byte) b);
    }
    return body;
  }

  /** A body that begins with struct ifinfomsg. */
  static MessageBytes link(int family, int ifindex) {
    return of(family, 0, 0, 0).number(ifindex).number(0).number(0);
  }

  /** A body that begins with struct ifaddrmsg, scope 0. */
  static MessageBytes address(int family, int flags, int ifindex) {
    return of(family, 64, flags, 0).number(ifindex);
  }

  private MessageBytes number(int value) {
    bytes.putInt(value);
    return this;
  }

  MessageBytes attribute(int type, byte... value) {
    bytes.putShort((short) (Attribute.HEADER + value.length)).putShort((short) type).put(value);
    while (bytes.position() % 4 != 0) {
      bytes.put((byte) 0);
    }
    return this;
  }

  MessageBytes octet(int type, int value) {
    return attribute(type, (byte) value);
  }

  MessageBytes number(int type, int value) {
    return attribute(
        type, ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array());
  }

  MessageBytes text(int type, String zeroTerminated) {
    byte[] text = zeroTerminated.getBytes(StandardCharsets.UTF_8);
    return attribute(type, Arrays.copyOf(text, text.length + 1));
  }

  Message message(int type) {
    return message(type, Arrays.copyOf(bytes.array(), bytes.position()));
  }

  static Message message(int type, byte[] body) {
    return new Message((short) type, ByteBuffer.wrap(body).order(ByteOrder.nativeOrder()));
  }
}
