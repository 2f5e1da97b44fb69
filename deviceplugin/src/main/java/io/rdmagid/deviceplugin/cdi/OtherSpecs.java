package io.rdmagid.deviceplugin.cdi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.rdmagid.deviceplugin.inventory.VerbsNodes;
import io.rdmagid.deviceplugin.workload.CdiDevices;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads which RDMA devices the CDI specs of others name.
 *
 * <p>Read is what the runtime's CDI library reads, the files in the folder itself that end in .json
 * or .yaml (pkg/cdi/spec-dirs.go of cncf-tags/container-device-interface), but no link, nothing
 * longer than {@value #MOST_BYTES} bytes, and at most {@value #MOST_FILES} files a folder. A file
 * that cannot be read counts as one that names nothing. The methods may be called by any thread.
 */
final class OtherSpecs {
  static final int MOST_BYTES = 1 << 20;
  static final int MOST_FILES = 256;

  private static final Logger LOG = LoggerFactory.getLogger(OtherSpecs.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final YAMLMapper YAML = new YAMLMapper();

  private final List<Path> folders;
  private final Consumer<Map<String, Set<String>>> listener;
  private final Object lock = new Object();
  private Set<Path> unreadable = Set.of();

  /**
   * Reads nothing yet.
   *
   * @param folders where the runtime looks for specs; they may come later
   * @param listener gets the names of the device nodes by kind; by one thread at a time
   */
  OtherSpecs(List<Path> folders, Consumer<Map<String, Set<String>>> listener) {
    this.folders = List.copyOf(folders);
    this.listener = listener;
  }

  /** Whether a file of this name is a spec. */
  static boolean isSpec(String file) {
    return file.endsWith(".json") || file.endsWith(".yaml");
  }

  /** Reads them all, and tells the listener. */
  void read() {
    synchronized (lock) {
      Map<String, Set<String>> nodes = new TreeMap<>();
      Set<Path> refused = new HashSet<>();
      for (Path folder : folders) {
        readFolder(folder, nodes, refused);
      }
      unreadable = refused;
      listener.accept(nodes);
    }
  }

  private void readFolder(Path folder, Map<String, Set<String>> nodes, Set<Path> refused) {
    int left = MOST_FILES;
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(folder, file -> isSpec(file.getFileName().toString()))) {
      for (Path file : files) {
        if (left-- == 0) {
          refuse(folder, "more than " + MOST_FILES + " files", refused);
          return;
        }
        readFile(file, nodes, refused);
      }
    } catch (NoSuchFileException e) {
      // It may come yet.
    } catch (IOException | DirectoryIteratorException e) {
      refuse(folder, e.toString(), refused);
    }
  }

  private void readFile(Path file, Map<String, Set<String>> nodes, Set<Path> refused) {
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        return; // opening a pipe would wait for its other end
      }
      byte[] content;
      try (InputStream stream = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
        content = stream.readNBytes(MOST_BYTES + 1);
      }
      if (content.length > MOST_BYTES) {
        refuse(file, "more than " + MOST_BYTES + " bytes", refused);
        return;
      }
      boolean json = file.getFileName().toString().endsWith(".json");
      take((json ? JSON : YAML).readTree(content), nodes);
    } catch (NoSuchFileException e) {
      // Removed meanwhile.
    } catch (IOException | RuntimeException e) {
      // No content may end the agent, and the parser of YAML has exceptions of its own.
      refuse(file, e.toString().lines().findFirst().orElse(""), refused); // then it quotes
    }
  }

  /** What is of another form than the specification's names nothing. */
  private static void take(JsonNode spec, Map<String, Set<String>> nodes) {
    String kind = spec.path("kind").asText();
    if (kind.isEmpty() || kind.equals(CdiDevices.KIND)) {
      return;
    }
    Set<String> named = new TreeSet<>();
    takeEdits(spec.path("containerEdits"), named);
    spec.path("devices").forEach(device -> takeEdits(device.path("containerEdits"), named));
    if (!named.isEmpty()) {
      nodes.computeIfAbsent(kind, _ -> new TreeSet<>()).addAll(named);
    }
  }

  /** A node is the host's of hostPath, and that of path where there is none. */
  private static void takeEdits(JsonNode edits, Set<String> named) {
    for (JsonNode node : edits.path("deviceNodes")) {
      String hostPath = node.path("hostPath").asText();
      VerbsNodes.name(hostPath.isEmpty() ? node.path("path").asText() : hostPath)
          .ifPresent(named::add);
    }
  }

  /** Each once, for as long as it stays so. */
  private void refuse(Path file, String reason, Set<Path> refused) {
    refused.add(file);
    if (!unreadable.contains(file)) {
      LOG.atWarn()
          .addKeyValue("file", file)
          .addKeyValue("reason", reason)
          .log("CDI spec of others not read");
    }
  }
}
