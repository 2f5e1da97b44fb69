package io.rdmagid.deviceplugin.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What gRPC, netty and the JDK do with Unix sockets, and the transport relies on. */
class UnixSocketFactTest {
  @TempDir private Path folder;
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

  @AfterEach
  void end() throws InterruptedException {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
  }

  private Server serve(Path socket) throws IOException {
    return NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
        .channelType(NioServerDomainSocketChannel.class)
        .bossEventLoopGroup(group)
        .workerEventLoopGroup(group)
        .build()
        .start();
  }

  private static void stop(Server server) throws InterruptedException {
    assertThat(server.shutdownNow().awaitTermination(20, TimeUnit.SECONDS)).isTrue();
  }

  /** Why the mode is set before anybody is told of the socket. */
  @Test
  void aNewSocketIsOpenToTheGroupAndOthers() throws IOException, InterruptedException {
    Path socket = folder.resolve("new.sock");

    Server server = serve(socket);

    assertThat(Files.getPosixFilePermissions(socket)).hasSizeGreaterThan(2);
    stop(server);
  }

  /** Why a server is awaited before the next one takes its name. */
  @Test
  void aServerThatEndsRemovesTheFileOfItsNameWhoeverMadeIt()
      throws IOException, InterruptedException {
    Path socket = folder.resolve("same.sock");
    Server former = serve(socket);
    Files.delete(socket);
    Server next = serve(socket);

    stop(former);

    assertThat(socket).doesNotExist();
    stop(next);
  }

  /** A file in the way is not replaced: it has to be removed first. */
  @Test
  void aNameThatIsTakenIsRefused() throws IOException {
    Path socket = Files.createFile(folder.resolve("taken.sock"));

    assertThatThrownBy(() -> serve(socket)).isInstanceOf(IOException.class);
    assertThat(socket).exists();
  }

  @Test
  void aPathHasAtMost106Bytes() throws IOException, InterruptedException {
    String start = folder + "/";
    Path longest = Path.of(start + "s".repeat(UnixSocket.LONGEST_PATH - start.length()));
    Path tooLong = Path.of(longest + "s");

    stop(serve(longest));

    assertThatThrownBy(() -> serve(tooLong)).isInstanceOf(IOException.class);
  }
}
