package io.rdmagid.deviceplugin.kubelet;

import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import io.rdmagid.deviceplugin.transport.UnixTransport;
import io.rdmagid.proto.deviceplugin.Empty;
import io.rdmagid.proto.deviceplugin.RegisterRequest;
import io.rdmagid.proto.deviceplugin.RegistrationGrpc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** The sockets of all pools, and the way to the kubelet. Used by the edge's thread. */
final class PluginTransport implements AutoCloseable {
  /** The kubelet dials us within the call, for at most 10 s. */
  private static final Duration REGISTER_LIMIT = Duration.ofSeconds(12);

  private static final String ROOT_ONLY = "rw-------";

  private final UnixTransport transport = new UnixTransport("kubelet");

  /** What the kubelet said to a registration. */
  sealed interface Registration {
    /** It has dialled us; its ListAndWatch follows. */
    record Accepted() implements Registration {}

    /** It refused or is not there. */
    record Failed(String reason) implements Registration {}
  }

  /**
   * Serves on a socket that only root may use. A socket that stands in the way is replaced.
   *
   * @throws IOException if the socket cannot be made
   */
  Server serve(Path socket, BindableService service) throws IOException {
    Files.deleteIfExists(socket);
    return transport.serve(socket, ROOT_ONLY, server -> server.addService(service));
  }

  /** Ends a server as {@link UnixTransport#end} does. */
  void end(Server server, Path socket) throws IOException {
    transport.end(server, socket);
  }

  /**
   * Registers with the kubelet.
   *
   * @throws InterruptedException if the thread is interrupted while it waits for the answer
   */
  Registration register(Path kubeletSocket, RegisterRequest request) throws InterruptedException {
    ManagedChannel channel = transport.dial(kubeletSocket, UnaryOperator.identity());
    try {
      Empty _ =
          RegistrationGrpc.newBlockingStub(channel)
              .withDeadlineAfter(REGISTER_LIMIT.toNanos(), TimeUnit.NANOSECONDS)
              .register(request);
      return new Registration.Accepted();
    } catch (StatusRuntimeException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("while registering with the kubelet");
      }
      return new Registration.Failed(UnixTransport.reason(e));
    } finally {
      channel.shutdownNow();
    }
  }

  @Override
  public void close() {
    transport.close();
  }
}
