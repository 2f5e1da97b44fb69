package io.rdmagid.e2e.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Brings an image from an archive in OCI layout, as jib writes it, into a node: without the layers
 * that the node has, so that a change of code costs the layer of that code.
 */
final class ImageImport {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BLOBS =
      "/var/lib/containerd/io.containerd.content.v1.content/blobs/sha256";

  private final Node node;
  private final Path share;

  ImageImport(Node node, Path share) {
    this.node = node;
    this.share = share;
  }

  void run(Path archive, String name) {
    try {
      Path layout = Files.createTempDirectory("image");
      Path delta = Files.createTempFile(share, "image-", ".tar");
      try {
        String _ = Command.of("tar", "-xf", archive.toString(), "-C", layout.toString()).sh();
        nameImage(layout.resolve("index.json"), name);
        for (String present : node.sh("ls " + BLOBS).lines().toList()) {
          Files.deleteIfExists(layout.resolve("blobs/sha256").resolve(present));
        }
        String _ = Command.of("tar", "-cf", delta.toString(), "-C", layout.toString(), ".").sh();
        importDelta(delta, name);
      } finally {
        FileTree.delete(layout);
        Files.deleteIfExists(delta);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void nameImage(Path file, String name) throws IOException {
    File index = file.toFile();
    JsonNode document = JSON.readTree(index);
    if (document.path("manifests").path(0) instanceof ObjectNode manifest) {
      // What containerd takes as the image's name; OCI's own annotation it takes for a tag only.
      manifest.putObject("annotations").put("io.containerd.image.name", name);
      JSON.writeValue(index, document);
    } else {
      throw new TestbedException(file + " names no manifest");
    }
  }

  private void importDelta(Path delta, String name) {
    String _ =
        node.run("ctr -n k8s.io images import /share/" + delta.getFileName(), Duration.ofMinutes(5))
            .orThrow(node.name() + ": importing " + name);
    // As CRI labels its own images: the kubelet knows it at once, and removes it never.
    String _ =
        node.sh(
            "ctr -n k8s.io images label "
                + name
                + " io.cri-containerd.image=managed io.cri-containerd.pinned=pinned");
    List<String> images = node.sh("ctr -n k8s.io images ls -q").lines().toList();
    if (!images.contains(name)) {
      throw new TestbedException(node.name() + " does not list " + name + " after its import");
    }
  }
}
