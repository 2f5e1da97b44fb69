package io.rdmagid.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.rdmagid.e2e.testbed.BridgedSocket;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** A client that sends a socket of the agent what is no request. */
final class BadClient implements AutoCloseable {
  static final long LIMIT_SECONDS = 60;

  private final BridgedSocket socket;
  private final ManagedChannel channel;

  BadClient(BridgedSocket socket) {
    this.socket = socket;
    this.channel =
        NettyChannelBuilder.forAddress(socket.host(), socket.port()).usePlaintext().build();
  }

  /** A method that there is not, messages that are none or too long for each, and no gRPC. */
  void refusesWhatIsNoRequest(ServiceDescriptor service) {
    assertThat(status(service.getName() + "/NoSuchMethod", new byte[0]))
        .isEqualTo(Status.Code.UNIMPLEMENTED);
    byte[] noMessage = new byte[64];
    new Random(1).nextBytes(noMessage);
    assertThat(service.getMethods())
        .extracting(MethodDescriptor::getFullMethodName)
        .allSatisfy(method -> {
          assertThat(status(method, noMessage)).isEqualTo(Status.Code.INVALID_ARGUMENT);
          assertThat(status(method, new byte[8 << 20]))
              .isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED);
        });
    try (Socket raw = new Socket(socket.host(), socket.port());
        OutputStream out = raw.getOutputStream();
        InputStream in = raw.getInputStream()) {
      out.write(
          "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      out.flush();
      long _ = in.transferTo(OutputStream.nullOutputStream()); // to the end of the connection
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }

  private Status.Code status(String method, byte[] request) {
    StatusRuntimeException refusal =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                ClientCalls.blockingUnaryCall(
                    channel,
                    MethodDescriptor.newBuilder(Bytes.MARSHALLER, Bytes.MARSHALLER)
                        .setType(MethodDescriptor.MethodType.UNARY)
                        .setFullMethodName(method)
                        .build(),
                    CallOptions.DEFAULT.withDeadlineAfter(LIMIT_SECONDS, TimeUnit.SECONDS),
                    request));
    assertThat(refusal).as(method).isNotNull();
    return refusal.getStatus().getCode();
  }

  /** For requests that are some. */
  Channel channel() {
    return channel;
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  /** Messages as they are on the wire. */
  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    static final Bytes MARSHALLER = new Bytes();

    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
