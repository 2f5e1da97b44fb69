package io.rdmagid.deviceplugin.transport;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** What can be said of a Unix socket's path without any library. */
public final class UnixSocket {
  /** unix(7): sun_path has 108 bytes, the last of which ends the string; the JDK takes one less. */
  public static final int LONGEST_PATH = 106;

  private static final String ADVICE = ": end that, or give another path";

  private UnixSocket() {}

  /** Whether the path is short enough for a socket. */
  public static boolean fits(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST_PATH;
  }

  /**
   * Whether some process takes a connection there; false also where the caller may not connect, and
   * where too many wait already. It does not block.
   */
  public static boolean isListening(Path path) {
    if (!fits(path)) {
      return false;
    }
    try {
      connect(path);
      return true;
    } catch (IOException e) {
      return false; // nothing there, no socket, nobody behind it: all the same to who asks
    }
  }

  /**
   * Removes a socket that a process which is gone left behind.
   *
   * @throws IOException if some process listens there, if something else than a socket is there, or
   *     if it cannot be removed
   */
  public static void removeStale(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .isOther()) {
      throw new IOException(path + " is there and no socket: give another path, or remove it");
    }
    try {
      connect(path);
    } catch (ConnectException e) { // refused: only that says that nobody is behind it
      boolean _ = Files.deleteIfExists(path);
      return;
    } catch (IOException e) {
      throw new IOException(path + " may be served by another process" + ADVICE, e);
    }
    throw new IOException(path + " is served by another process" + ADVICE);
  }

  private static void connect(Path path) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.configureBlocking(false);
      boolean _ = channel.connect(UnixDomainSocketAddress.of(path));
    }
  }
}
