package io.rdmagid.e2e.testbed;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Commands in a node over one connection that stays open: a handshake takes a second under
 * emulation. The connection is a process of OpenSSH that ends by itself when the node is gone;
 * {@link #close} ends it at once.
 */
final class Ssh {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private final String address;
  private final Path key;
  private final Path socket;

  Ssh(String address, Path key, Path directory) {
    this.address = address;
    this.key = key;
    // The path of a socket has at most 107 bytes.
    this.socket =
        Path.of("/run", "rdmagid-" + Integer.toHexString(directory.hashCode()) + "-" + address);
  }

  Output run(String command, Duration limit) {
    if (!isConnected() && !connect()) {
      return new Output(255, "", address + " does not answer");
    }
    List<String> words = new ArrayList<>(options());
    words.addAll(List.of("-o", "ControlMaster=no", "root@" + address, command));
    return Command.of(words).within(limit).run();
  }

  /** The command that opens a shell, for whoever runs it with a terminal. */
  List<String> shell() {
    List<String> words = new ArrayList<>(options());
    words.addAll(List.of("-o", "ControlPath=none", "-t", "root@" + address));
    return words;
  }

  void close() {
    List<String> words = new ArrayList<>(options());
    words.addAll(List.of("-O", "exit", "root@" + address));
    // It fails when there is no connection, and then there is none to end.
    Output _ = Command.of(words).run();
  }

  private boolean isConnected() {
    List<String> words = new ArrayList<>(options());
    words.addAll(List.of("-O", "check", "root@" + address));
    return Command.of(words).run().ok();
  }

  private boolean connect() {
    // A socket that a dead connection left would keep a new one from its place.
    var _ = socket.toFile().delete();
    List<String> words = new ArrayList<>(options());
    // It stays behind in the background, and must not hold this command's output open.
    words.addAll(List.of("-M", "-N", "-f", "-o", "ControlPersist=yes", "root@" + address));
    List<String> quiet = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" > /dev/null 2>&1", "sh"));
    quiet.addAll(words);
    return Command.of(quiet).within(CONNECT.plusSeconds(20)).run().ok();
  }

  private List<String> options() {
    List<String> words = new ArrayList<>(List.of("ssh", "-i", key.toString()));
    for (String option :
        List.of(
            "BatchMode=yes",
            "StrictHostKeyChecking=no",
            "UserKnownHostsFile=/dev/null",
            "LogLevel=ERROR",
            "ConnectTimeout=" + CONNECT.toSeconds(),
            // Under emulation a busy node may be silent for a while.
            "ServerAliveInterval=10",
            "ServerAliveCountMax=3",
            "ControlPath=" + socket)) {
      words.addAll(List.of("-o", option));
    }
    return words;
  }
}
