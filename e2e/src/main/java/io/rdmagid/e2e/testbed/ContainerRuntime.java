package io.rdmagid.e2e.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * containerd as a process of this machine, without nodes and containers: for what speaks NRI with
 * it. It lives in one folder; whoever starts it ends it with {@link #close}.
 */
public final class ContainerRuntime implements AutoCloseable {
  private static final String CONFIGURATION =
      """
      version = 3
      root = 'FOLDER/root'
      state = 'FOLDER/state'
      [grpc]
      address = 'FOLDER/containerd.sock'
      [ttrpc]
      address = 'FOLDER/containerd.sock.ttrpc'
      [plugins.'io.containerd.cri.v1.images']
      snapshotter = 'native'
      [plugins.'io.containerd.cri.v1.runtime'.cni]
      bin_dirs = ['FOLDER/cni']
      conf_dir = 'FOLDER/cni'
      [plugins.'io.containerd.nri.v1.nri']
      socket_path = 'FOLDER/nri.sock'
      plugin_path = 'FOLDER/nri-plugins'
      plugin_config_path = 'FOLDER/nri-conf'
      """;

  private final Path directory;
  private final Path containerd;
  private final Daemon daemon;

  private ContainerRuntime(Path directory, Path containerd) {
    this.directory = directory;
    this.containerd = containerd;
    daemon = new Daemon(directory, "containerd");
  }

  /** One that does not run yet, in a folder that is there; its path must be short, for sockets. */
  public static ContainerRuntime in(Path directory) {
    ContainerRuntime runtime = new ContainerRuntime(directory, Artefacts.load().containerd());
    try {
      Files.writeString(
          directory.resolve("config.toml"), CONFIGURATION.replace("FOLDER", directory.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return runtime;
  }

  /** Where plugins connect, once it runs. */
  public Path nriSocket() {
    return directory.resolve("nri.sock");
  }

  /** Starts it, for the first time or again; it listens a moment later. */
  public void start() {
    daemon.start(
        List.of(containerd.toString(), "--config", directory.resolve("config.toml").toString()));
  }

  /** Asks it to end and waits until it has. */
  public void stop() {
    daemon.stop();
  }

  /** Ends it as a crash would. */
  public void kill() {
    daemon.kill();
  }

  /** What it printed. */
  public Path log() {
    return daemon.log();
  }

  @Override
  public void close() {
    stop();
  }
}
