package io.rdmagid.deviceplugin.kubelet;

import io.rdmagid.deviceplugin.transport.UnixSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Our sockets in the kubelet's folder. The name changes with the process, so that the kubelet never
 * takes the end of a former process's plugin for the end of ours, and with the resource: gRPC
 * repeats a call by itself where a server ended before it began, and must not reach another
 * resource's.
 */
final class SocketNames {
  /** The kubelet's own socket, in the same folder. */
  static final String KUBELET = "kubelet.sock";

  private static final String PREFIX = "rdmagid-";
  private static final String SUFFIX = ".sock";

  private static final int HASH_DIGITS = 8;

  private final Path folder;
  private final String process;
  private final int room;

  /**
   * Knows where sockets go.
   *
   * @param folder where the kubelet looks for sockets
   * @param process what no other process of ours that the kubelet may remember has
   * @throws IllegalArgumentException if the folder's path leaves no room for a socket's name
   */
  SocketNames(Path folder, String process) {
    this.folder = folder;
    this.process = process;
    int taken = path("").toString().getBytes(StandardCharsets.UTF_8).length;
    this.room = UnixSocket.LONGEST_PATH - taken;
    if (room < 2 * HASH_DIGITS) {
      throw new IllegalArgumentException(
          "plugin folder " + folder + ": its path is too long for sockets in it");
    }
  }

  Path kubelet() {
    return folder.resolve(KUBELET);
  }

  /**
   * The socket of a resource's plugin; a resource with a long name keeps the start of it.
   *
   * @param resource such as {@code rdmagid.io/rail}; what is before the slash is always the same
   */
  Path of(String resource) {
    String name = resource.substring(resource.indexOf('/') + 1);
    return path(
        name.length() <= room
            ? name
            : name.substring(0, room - HASH_DIGITS - 1) + "-" + hash(name));
  }

  /** Removes the sockets that former processes of ours left in a folder, which may be missing. */
  static void removeStale(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> stale = Files.newDirectoryStream(folder, PREFIX + "*" + SUFFIX)) {
      for (Path socket : stale) {
        Files.deleteIfExists(socket);
      }
    }
  }

  private Path path(String name) {
    return folder.resolve(PREFIX + name + "-" + process + SUFFIX);
  }

  private static String hash(String name) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
