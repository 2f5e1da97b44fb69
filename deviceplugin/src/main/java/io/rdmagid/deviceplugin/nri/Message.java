package io.rdmagid.deviceplugin.nri;

import com.google.protobuf.ByteString;

/**
 * One ttrpc message: on the wire u32 length of the data, u32 stream, u8 type, u8 flags, all big
 * endian, then the data. Flags are for streaming calls, which NRI has none of.
 *
 * @param connection by which it came or goes: {@link #PLUGIN} or {@link #RUNTIME}
 * @param stream the call that it belongs to; an answer has its request's
 * @param type {@link #REQUEST}, {@link #RESPONSE}; others exist and are not for us
 * @param data a {@code ttrpc.Request} or {@code ttrpc.Response}; an empty one is a success without
 *     content
 */
record Message(int connection, int stream, int type, ByteString data) {
  /** By which the runtime calls us. */
  static final int PLUGIN = 1;

  /** By which we call the runtime. */
  static final int RUNTIME = 2;

  static final int REQUEST = 1;
  static final int RESPONSE = 2;

  /** Bytes of the header on the wire. */
  static final int HEADER = 10;
}
