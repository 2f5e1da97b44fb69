package io.rdmagid.deviceplugin.workload;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rdmagid.assignment.AssignmentState;
import io.rdmagid.library.LibrarySetup;
import io.rdmagid.library.Nccl;
import io.rdmagid.library.Settings;
import io.rdmagid.library.Ucx;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The files of a set. A pending set, and one in which a port has no choice, configures no library:
 * then they choose by themselves, as without rdmagid, rather than by something that is not so.
 */
final class SetFiles {
  static final String ASSIGNMENT = "assignment.json";
  static final String NCCL = "nccl.conf";
  static final String UCX = "ucx.conf";
  static final String ENV = "env";

  /** The variables that point NCCL and UCX to their files. */
  static final String NCCL_POINTER = "NCCL_CONF_FILE";

  static final String UCX_POINTER = "UCX_CONFIG_DIR";

  /** The version of assignment.json. */
  private static final int VERSION = 1;

  private static final ObjectMapper JSON = new ObjectMapper();

  private SetFiles() {}

  /** Variables that point those libraries that are told anything to their file in a folder. */
  static Map<String, String> pointers(String containerFolder, LibrarySetup setup) {
    Map<String, String> pointers = new HashMap<>();
    if (setup.tells(new Nccl())) {
      pointers.put(NCCL_POINTER, containerFolder + "/" + NCCL);
    }
    if (setup.tells(new Ucx())) {
      pointers.put(UCX_POINTER, containerFolder);
    }
    return pointers;
  }

  /** The set of a container nobody has chosen for yet. */
  static Map<String, String> pending() {
    ObjectNode document = JSON.createObjectNode().put("version", VERSION).put("generation", 0);
    document.put("state", AssignmentState.PENDING.text()).putArray("ports");
    return files(document, Map.of(), Map.of(), Map.of());
  }

  /**
   * The set of a container.
   *
   * @param generation how often it was swapped, this time included
   */
  static Map<String, String> of(ContainerSet set, Sandbox sandbox, long generation) {
    Settings settings = set.settings();
    Map<String, String> env = new LinkedHashMap<>(set.names());
    env.putAll(settings.all());
    return files(assignment(set, sandbox, generation), settings.nccl(), settings.ucx(), env);
  }

  private static Map<String, String> files(
      ObjectNode assignment,
      Map<String, String> nccl,
      Map<String, String> ucx,
      Map<String, String> env) {
    return Map.of(
        ASSIGNMENT,
        assignment.toPrettyString() + "\n",
        NCCL,
        lines("", nccl),
        UCX,
        lines("", ucx),
        ENV,
        lines("export ", env));
  }

  /**
   * Values are device names, numbers, addresses and lists of them: none has a character that a
   * shell or one of these formats takes for its own.
   */
  private static String lines(String before, Map<String, String> variables) {
    return variables.entrySet().stream()
        .map(variable -> before + variable.getKey() + "=" + variable.getValue() + "\n")
        .collect(Collectors.joining());
  }

  private static ObjectNode assignment(ContainerSet set, Sandbox sandbox, long generation) {
    ObjectNode document = JSON.createObjectNode();
    document
        .put("version", VERSION)
        .put("generation", generation)
        .put("state", set.state().text())
        .put("namespace", sandbox.namespace())
        .put("pod", sandbox.podName())
        .put("podUid", sandbox.podUid())
        .put("container", set.container());
    ArrayNode ports = document.putArray("ports");
    for (PortOutcome outcome : set.ports()) {
      ObjectNode port =
          ports
              .addObject()
              .put("pool", outcome.pool())
              .put("device", outcome.port().device())
              .put("port", outcome.port().port())
              .put("state", outcome.state().text())
              .put("scope", outcome.terms().rule().scope().text());
      outcome
          .choice()
          .ifPresent(choice ->
              port.put("gidIndex", choice.index())
                  .put("gid", choice.gid().toString())
                  .put("type", choice.type().text())
                  .put("netdev", choice.netdev())
                  .put("address", choice.address()));
      if (!outcome.elsewhere().isEmpty()) {
        outcome.elsewhere().forEach(port.putArray("elsewhere")::add);
      }
    }
    return document;
  }
}
