package io.rdmagid.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.e2e.testbed.ContainerRuntime;
import io.rdmagid.e2e.testbed.Poll;
import io.rdmagid.proto.nri.RegisterPluginRequest;
import io.rdmagid.proto.ttrpc.Request;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Why the plugin cuts its messages into frames of at most 4,096 bytes. */
@Timeout(60)
class NriFrameLengthFactTest {
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  private ContainerRuntime runtime;

  @BeforeEach
  void start() {
    runtime = ContainerRuntime.in(folder);
    runtime.start();
    Poll.until("NRI", Duration.ofSeconds(30), this::listens, () -> "see " + runtime.log());
  }

  @AfterEach
  void end() {
    runtime.close();
  }

  private boolean listens() {
    try (SocketChannel channel = connect()) {
      return channel.isConnected();
    } catch (IOException _) {
      return false;
    }
  }

  private SocketChannel connect() throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(runtime.nriSocket()));
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  @Test
  void oneOf4097EndsTheConnection() throws IOException {
    try (SocketChannel channel = connect()) {
      send(channel, registration(4097), 4097);
      assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }
  }

  @Test
  void oneOf4096IsTaken() throws IOException {
    try (SocketChannel channel = connect()) {
      send(channel, registration(4097), 4096);
      // Its answer, or the first call of the plugin.
      assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(1);
    }
  }

  /** A message of this length. */
  private static byte[] registration(int length) {
    byte[] shorter = message("x".repeat(length / 2));
    return message("x".repeat(length / 2 + length - shorter.length));
  }

  private static byte[] message(String name) {
    byte[] data =
        Request.newBuilder()
            .setService("nri.pkg.api.v1alpha1.Runtime")
            .setMethod("RegisterPlugin")
            .setPayload(
                RegisterPluginRequest.newBuilder()
                    .setPluginName(name)
                    .setPluginIdx("50")
                    .build()
                    .toByteString())
            .build()
            .toByteArray();
    return ByteBuffer.allocate(10 + data.length)
        .putInt(data.length)
        .putInt(1)
        .put((byte) 1)
        .put((byte) 0)
        .put(data)
        .array();
  }

  private static void send(SocketChannel channel, byte[] message, int frameLength)
      throws IOException {
    ByteBuffer left = ByteBuffer.wrap(message);
    assertThat(left.remaining()).isEqualTo(4097);
    while (left.hasRemaining()) {
      byte[] frame = new byte[Math.min(frameLength, left.remaining())];
      left.get(frame);
      ByteBuffer framed =
          ByteBuffer.allocate(8 + frame.length).putInt(2).putInt(frame.length).put(frame).flip();
      while (framed.hasRemaining()) {
        int _ = channel.write(framed);
      }
    }
  }
}
