package io.rdmagid.deviceplugin.cri;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rdmagid.proto.cri.NamespaceMode;
import io.rdmagid.proto.cri.PodSandboxState;
import io.rdmagid.proto.cri.PodSandboxStatusResponse;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Which network a sandbox has. The path of its namespace stands in what the runtime tells for
 * debugging only, in the OCI specification of the sandbox's own container: {@code
 * runtimeSpec.linux.namespaces} of the JSON under "info", of containerd
 * (internal/cri/types/sandbox_info.go) as of CRI-O (server/sandbox_status.go).
 */
sealed interface SandboxNetwork {
  /** Thread-safe. */
  ObjectMapper JSON = new ObjectMapper();

  /** The host's. */
  record Host() implements SandboxNetwork {}

  /** Its own, with a file to enter it by. */
  record Own(Path namespace) implements SandboxNetwork {}

  /**
   * Nobody can say: which is never taken for the host's.
   *
   * @param reason a sentence without a full stop
   */
  record Unknown(String reason) implements SandboxNetwork {}

  /** Reads a verbose answer. Does not throw, whatever it is. */
  static SandboxNetwork of(PodSandboxStatusResponse answer) {
    if (answer.getStatus().getState() != PodSandboxState.SANDBOX_READY) {
      return new Unknown("the pod's sandbox has ended meanwhile");
    }
    NamespaceMode mode = answer.getStatus().getLinux().getNamespaces().getOptions().getNetwork();
    return switch (mode) {
      case NODE -> new Host();
      case POD -> own(answer.getInfoOrDefault("info", ""));
      case CONTAINER, TARGET, UNRECOGNIZED ->
          new Unknown("the runtime says that the pod's network is one of kind " + mode);
    };
  }

  private static SandboxNetwork own(String info) {
    try {
      JsonNode namespaces = JSON.readTree(info).at("/runtimeSpec/linux/namespaces");
      for (JsonNode namespace : namespaces) {
        String path = namespace.path("path").asText();
        if (namespace.path("type").asText().equals("network") && !path.isEmpty()) {
          return new Own(Path.of(path));
        }
      }
    } catch (JsonProcessingException | InvalidPathException e) {
      return new Unknown("the runtime tells of the pod's sandbox what cannot be read");
    }
    return new Unknown("the runtime does not tell the path of the pod's network namespace");
  }
}
