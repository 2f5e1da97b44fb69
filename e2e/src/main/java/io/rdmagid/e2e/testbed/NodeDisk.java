package io.rdmagid.e2e.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What the disks of both nodes start from: the node image and, where the build left one, the
 * agent's image, so that a node need not import it. Made anew with each testbed: machines that run
 * read it.
 */
final class NodeDisk {
  /** Only a hang reaches it: what it ends leaves a mount behind. */
  private static final Duration LIMIT = Duration.ofMinutes(10);

  private final Artefacts artefacts;
  private final Path directory;

  /** By what was prepared, in the folder of a testbed. */
  NodeDisk(Artefacts artefacts, Path directory) {
    this.artefacts = artefacts;
    this.directory = directory;
  }

  /** Makes the disk; no machine may run. Where that fails it is the node image alone. */
  Path make() {
    Path agent = Checkout.root().resolve("deploy/target/agent-image.tar");
    Path disk = directory.resolve("node-disk.img");
    try {
      Files.deleteIfExists(disk);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!Files.exists(agent)) {
      return artefacts.nodeImage();
    }
    Output made = importInto(disk, agent);
    if (made.ok()) {
      return disk;
    }
    System.err.println(
        "the nodes will import the agent's image, which takes minutes: the disk with it was not made: "
            + made.err().strip());
    return artefacts.nodeImage();
  }

  private Output importInto(Path disk, Path agent) {
    try (Progress _ = Progress.start("making the nodes' disk", Duration.ofSeconds(6))) {
      return Command.of(
              Checkout.root().resolve("e2e/setup/node-disk.sh").toString(),
              artefacts.nodeImage().toString(),
              artefacts.containerd().resolveSibling("").toString(),
              agent.toString(),
              disk.toString())
          .within(LIMIT)
          .run();
    }
  }
}
