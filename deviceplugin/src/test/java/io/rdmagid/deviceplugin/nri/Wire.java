package io.rdmagid.deviceplugin.nri;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.rdmagid.proto.ttrpc.Request;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;

/** Bytes as the runtime sends them, made by hand: shares no code with what reads them. */
final class Wire {
  private Wire() {}

  static byte[] frame(int connection, byte[] data) {
    return ByteBuffer.allocate(8 + data.length)
        .putInt(connection)
        .putInt(data.length)
        .put(data)
        .array();
  }

  static byte[] message(int stream, int type, byte[] data) {
    return ByteBuffer.allocate(10 + data.length)
        .putInt(data.length)
        .putInt(stream)
        .put((byte) type)
        .put((byte) 0)
        .put(data)
        .array();
  }

  /** A call of ours, in one frame. */
  static byte[] call(int stream, String method, MessageLite payload) {
    return frame(1, message(stream, 1, request(method, payload).toByteArray()));
  }

  static Request request(String method, MessageLite payload) {
    return Request.newBuilder()
        .setService("nri.pkg.api.v1alpha1.Plugin")
        .setMethod(method)
        .setTimeoutNano(1_990_000_000)
        .setPayload(payload.toByteString())
        .build();
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  static ReadableByteChannel channel(byte[] bytes) {
    return Channels.newChannel(ByteString.copyFrom(bytes).newInput());
  }
}
