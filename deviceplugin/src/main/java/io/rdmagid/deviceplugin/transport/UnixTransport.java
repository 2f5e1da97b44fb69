package io.rdmagid.deviceplugin.transport;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * gRPC over Unix sockets, without native transports: one thread for all sockets, virtual ones for
 * the calls. Its methods may come from any thread.
 */
public final class UnixTransport implements AutoCloseable {
  private static final Duration END_LIMIT = Duration.ofSeconds(5);
  private static final String AUTHORITY = "localhost";

  private final EventLoopGroup sockets;
  private final ExecutorService calls;

  /**
   * Starts no thread yet.
   *
   * @param name begins the names of its threads, {@code NAME-sockets} and {@code NAME-call-N}
   */
  public UnixTransport(String name) {
    sockets =
        new MultiThreadIoEventLoopGroup(
            1, Thread.ofPlatform().name(name + "-sockets").factory(), NioIoHandler.newFactory());
    calls =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name(name + "-call-", 0).factory());
  }

  /**
   * Serves on a socket, in whose place there must be nothing.
   *
   * @param mode who may use it, such as {@code rw-------}
   * @param services adds what is served, and its limits
   * @throws IOException if the socket cannot be made
   */
  public Server serve(Path socket, String mode, UnaryOperator<NettyServerBuilder> services)
      throws IOException {
    Server server =
        services
            .apply(
                NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                    .channelType(NioServerDomainSocketChannel.class)
                    // gRPC sets it, and netty warns of it with every connection.
                    .withChildOption(ChannelOption.SO_KEEPALIVE, null)
                    .bossEventLoopGroup(sockets)
                    .workerEventLoopGroup(sockets)
                    .executor(calls))
            .build()
            .start();
    try {
      // It was made 0755; nobody but us could connect meanwhile either, as that takes write access.
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString(mode));
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
  public void end(Server server, Path socket) throws IOException {
    server.shutdownNow();
    awaitEnd(server);
    Files.deleteIfExists(socket);
  }

  /**
   * A channel to the server of a socket; the caller ends it.
   *
   * @param settings adds the client's limits
   */
  public ManagedChannel dial(Path socket, UnaryOperator<NettyChannelBuilder> settings) {
    return settings
        .apply(
            NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .channelType(NioDomainSocketChannel.class)
                .withOption(ChannelOption.SO_KEEPALIVE, null)
                .eventLoopGroup(sockets)
                .executor(calls)
                .offloadExecutor(calls)
                .overrideAuthority(AUTHORITY)
                .usePlaintext())
        .build();
  }

  /** What failed, and what that came from: gRPC says no more than "io exception". */
  public static String reason(Exception failure) {
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
