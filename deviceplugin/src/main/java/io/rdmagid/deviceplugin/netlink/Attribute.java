package io.rdmagid.deviceplugin.netlink;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/**
 * An attribute (struct nlattr of linux/netlink.h, rtattr of linux/rtnetlink.h) in a message body.
 * One that is not there, or does not fit into the body, ends the walk.
 */
record Attribute(ByteBuffer body, int offset) {
  static final int HEADER = 4;

  private static final int TYPE_MASK = 0x3fff;

  static Attribute at(ByteBuffer body, int offset) {
    return new Attribute(body, offset);
  }

  boolean isThere() {
    return offset + HEADER <= body.limit()
        && length() >= HEADER
        && offset + length() <= body.limit();
  }

  Attribute next() {
    return at(body, offset + NetlinkSocket.align(length()));
  }

  int type() {
    return body.getShort(offset + 2) & TYPE_MASK;
  }

  byte[] value() {
    byte[] value = new byte[length() - HEADER];
    body.get(offset + HEADER, value);
    return value;
  }

  /** The value as a number of the machine's order; 0 for one of another size. */
  int number() {
    return length() == HEADER + Integer.BYTES ? body.getInt(offset + HEADER) : 0;
  }

  /** The value as a number from 0 to 255; empty for one of another size. */
  OptionalInt octet() {
    return length() == HEADER + Byte.BYTES
        ? OptionalInt.of(Byte.toUnsignedInt(body.get(offset + HEADER)))
        : OptionalInt.empty();
  }

  /** The value as text, up to its first zero. */
  String text() {
    byte[] bytes = value();
    int length = 0;
    while (length < bytes.length && bytes[length] != 0) {
      length++;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private int length() {
    return Short.toUnsignedInt(body.getShort(offset));
  }
}
