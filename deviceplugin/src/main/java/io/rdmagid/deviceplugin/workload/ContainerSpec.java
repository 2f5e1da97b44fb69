package io.rdmagid.deviceplugin.workload;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A container that is about to be made, or that the runtime had before the agent connected.
 *
 * @param id the runtime's
 * @param sandboxId of its sandbox
 * @param name as the pod's spec has it
 * @param mountSources the sources of its mounts, by which the agent finds its own folders
 * @param environment {@code NAME=value}, with duplicates, the last of which counts
 * @param verbsNodes the names of the RDMA devices' nodes that it gets one by one ("uverbs0"),
 *     whoever gives them; none of a container that may use every device of the node
 * @param takesVariables whether we see its environment and can add to it
 */
public record ContainerSpec(
    String id,
    String sandboxId,
    String name,
    List<Path> mountSources,
    List<String> environment,
    Set<String> verbsNodes,
    boolean takesVariables) {
  public ContainerSpec {
    mountSources = List.copyOf(mountSources);
    environment = List.copyOf(environment);
    verbsNodes = Set.copyOf(verbsNodes);
  }

  /** One without such nodes, whose environment we see and can add to. */
  public ContainerSpec(
      String id, String sandboxId, String name, List<Path> mountSources, List<String> environment) {
    this(id, sandboxId, name, mountSources, environment, Set.of(), true);
  }

  /**
   * One that can be given files only. The runtime makes its id later than we are asked; sandbox and
   * name tell it from all others, and are the same when it is made again.
   */
  static ContainerSpec filesOnly(String sandboxId, String name, List<Path> mountSources) {
    return new ContainerSpec(
        standInId(sandboxId, name), sandboxId, name, mountSources, List.of(), Set.of(), false);
  }

  /** What stands for its id where the runtime had made none yet. */
  String standInId() {
    return standInId(sandboxId, name);
  }

  private static String standInId(String sandboxId, String name) {
    return sandboxId + "/" + name;
  }

  /** Its environment by name; a variable without a value has the empty one. */
  Map<String, String> variables() {
    Map<String, String> variables = new HashMap<>();
    for (String variable : environment) {
      int equals = variable.indexOf('=');
      variables.put(
          equals < 0 ? variable : variable.substring(0, equals),
          equals < 0 ? "" : variable.substring(equals + 1));
    }
    return variables;
  }

  /** Whether a variable of this prefix stands in its environment. */
  boolean hasVariableWith(String prefix) {
    return environment.stream().anyMatch(variable -> variable.startsWith(prefix));
  }
}
