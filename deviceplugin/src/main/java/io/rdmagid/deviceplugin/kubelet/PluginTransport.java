package io.rdmagid.deviceplugin.kubelet;

import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import io.rdmagid.deviceplugin.transport.UnixTransport;
import io.rdmagid.deviceplugin.transport.UnreadableRequests;
import io.rdmagid.proto.deviceplugin.Empty;
import io.rdmagid.proto.deviceplugin.RegisterRequest;
import io.rdmagid.proto.deviceplugin.RegistrationGrpc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** The sockets of all pools, and the way to the kubelet. Used by the edge's thread. */
final class PluginTransport implements AutoCloseable {
  /** The kubelet dials us within the call, for at most 10 s. */
  private static final Duration REGISTER_LIMIT = Duration.ofSeconds(12);

  private static final String ROOT_ONLY = "rw-------";

  private final UnixTransport transport = new UnixTransport("kubelet");

  /**
   * Serves on a socket that only root may use. A socket that stands in the way is replaced.
   *
   * @throws IOException if the socket cannot be made
   */
  Server serve(Path socket, List<BindableService> services) throws IOException {
    Files.deleteIfExists(socket);
    return transport.serve(
        socket,
        ROOT_ONLY,
        server -> {
          services.forEach(
              service -> server.addService(UnreadableRequests.refusedBy(service.bindService())));
          return server;
        });
  }

  /** Ends a server as {@link UnixTransport#end} does. */
  void end(Server server, Path socket) throws IOException {
    transport.end(server, socket);
  }

  /** A channel to the kubelet; the caller ends it. */
  ManagedChannel dial(Path kubeletSocket) {
    return transport.dial(kubeletSocket, UnaryOperator.identity());
  }

  /**
   * Registers with the kubelet, and does not wait for it.
   *
   * @param answer called by any thread, within {@link #REGISTER_LIMIT}
   */
  static void register(
      ManagedChannel kubelet, RegisterRequest request, StreamObserver<Empty> answer) {
    RegistrationGrpc.newStub(kubelet)
        .withDeadlineAfter(REGISTER_LIMIT.toNanos(), TimeUnit.NANOSECONDS)
        .register(request, answer);
  }

  @Override
  public void close() {
    transport.close();
  }
}
