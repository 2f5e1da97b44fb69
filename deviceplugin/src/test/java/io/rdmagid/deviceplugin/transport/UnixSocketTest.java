package io.rdmagid.deviceplugin.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnixSocketTest {
  @TempDir private Path folder;

  private static ServerSocketChannel listen(Path socket, int backlog) throws IOException {
    return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(socket), backlog);
  }

  private Path stale() throws IOException {
    Path socket = folder.resolve("stale.sock");
    listen(socket, 1).close();
    assertThat(socket).exists();
    return socket;
  }

  @Test
  void onlyAProcessBehindASocketListens() throws IOException {
    Path socket = folder.resolve("live.sock");

    try (ServerSocketChannel _ = listen(socket, 1)) {
      assertThat(UnixSocket.isListening(socket)).isTrue();
    }
    assertThat(UnixSocket.isListening(socket)).isFalse();
    assertThat(UnixSocket.isListening(folder.resolve("absent"))).isFalse();
    assertThat(UnixSocket.isListening(Files.createFile(folder.resolve("file")))).isFalse();
    assertThat(UnixSocket.isListening(Path.of("/" + "s".repeat(200)))).isFalse();
  }

  /** It would hang here if it blocked. */
  @Test
  void whoeverIsTooBusyToAcceptStays() throws IOException {
    Path socket = folder.resolve("busy.sock");
    try (ServerSocketChannel _ = listen(socket, 1);
        SocketChannel first = SocketChannel.open(StandardProtocolFamily.UNIX);
        SocketChannel second = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      assertThat(first.connect(UnixDomainSocketAddress.of(socket))).isTrue();
      assertThat(second.connect(UnixDomainSocketAddress.of(socket))).isTrue();

      assertThat(UnixSocket.isListening(socket)).isFalse();
      assertThatThrownBy(() -> UnixSocket.removeStale(socket)).isInstanceOf(IOException.class);
      assertThat(socket).exists();
    }
  }

  @Test
  void aStaleSocketIsRemoved() throws IOException {
    Path stale = stale();

    UnixSocket.removeStale(stale);
    UnixSocket.removeStale(folder.resolve("absent"));

    assertThat(stale).doesNotExist();
  }

  @Test
  void whatIsNoSocketStays() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), stale());

    assertThatThrownBy(() -> UnixSocket.removeStale(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no socket");
    assertThatThrownBy(() -> UnixSocket.removeStale(link)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> UnixSocket.removeStale(folder)).isInstanceOf(IOException.class);
    assertThat(file).exists();
    assertThat(link).exists();
  }

  @Test
  void aServedSocketStays() throws IOException {
    Path socket = folder.resolve("live.sock");
    try (ServerSocketChannel _ = listen(socket, 1)) {
      assertThatThrownBy(() -> UnixSocket.removeStale(socket))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("served by another process");
      assertThat(socket).exists();
    }
  }
}
