package io.rdmagid.deviceplugin.kubelet;

import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.rdmagid.proto.deviceplugin.Empty;
import io.rdmagid.proto.deviceplugin.RegisterRequest;
import io.rdmagid.proto.deviceplugin.RegistrationGrpc;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * gRPC over Unix sockets, without native transports: one thread for the sockets of all pools,
 * virtual ones for the calls. Used by the edge's thread.
 */
final class PluginTransport implements AutoCloseable {
  /** The kubelet dials us within the call, for at most 10 s. */
  private static final Duration REGISTER_LIMIT = Duration.ofSeconds(12);

  private static final Duration END_LIMIT = Duration.ofSeconds(5);
  private static final String AUTHORITY = "localhost";

  private final EventLoopGroup sockets =
      new MultiThreadIoEventLoopGroup(
          1, Thread.ofPlatform().name("kubelet-sockets").factory(), NioIoHandler.newFactory());
  private final ExecutorService calls =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("kubelet-call-", 0).factory());

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
    Server server =
        NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioServerDomainSocketChannel.class)
            // gRPC sets it, and netty warns of it with every connection.
            .withChildOption(ChannelOption.SO_KEEPALIVE, null)
            .bossEventLoopGroup(sockets)
            .workerEventLoopGroup(sockets)
            .executor(calls)
            .addService(service)
            .build()
            .start();
    try {
      // It was made 0755; nobody but us could connect meanwhile either, as that takes write access.
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
      return server;
    } catch (IOException e) {
      end(server, socket);
      throw e;
    }
  }

  /**
   * Ends a server with all its calls, and removes its socket. It waits for the end: netty removes
   * the file when it closes the socket, and must not take the next server's.
   */
  void end(Server server, Path socket) throws IOException {
    server.shutdownNow();
    awaitEnd(server);
    Files.deleteIfExists(socket);
  }

  /**
   * Registers with the kubelet.
   *
   * @throws InterruptedException if the thread is interrupted while it waits for the answer
   */
  Registration register(Path kubeletSocket, RegisterRequest request) throws InterruptedException {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(kubeletSocket))
            .channelType(NioDomainSocketChannel.class)
            .withOption(ChannelOption.SO_KEEPALIVE, null)
            .eventLoopGroup(sockets)
            .executor(calls)
            .offloadExecutor(calls)
            .overrideAuthority(AUTHORITY)
            .usePlaintext()
            .build();
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
      return new Registration.Failed(reason(e));
    } finally {
      channel.shutdownNow();
    }
  }

  /** What failed, and what that came from: gRPC says no more than "io exception". */
  static String reason(Exception failure) {
    Throwable cause = failure.getCause();
    return failure.getMessage() + (cause == null ? "" : ": " + cause.getMessage());
  }

  @Override
  public void close() {
    sockets
        .shutdownGracefully(0, END_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly();
    calls.shutdownNow();
  }

  private static void awaitEnd(Server server) {
    boolean interrupted = false;
    long end = System.nanoTime() + END_LIMIT.toNanos();
    while (!server.isTerminated() && System.nanoTime() < end) {
      try {
        boolean _ = server.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        interrupted = true; // an end that was begun is brought to its end
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
