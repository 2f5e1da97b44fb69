package io.rdmagid.deviceplugin.workload;

import io.rdmagid.assignment.ContainerVariables;
import java.util.List;
import java.util.Map;

/**
 * The container that has an allocation. Its sandbox is the allocation's one owner: what happens in
 * another one never reaches the allocation's files.
 *
 * @param sandbox the container's
 * @param containerId the runtime's id of the container; a container that is made again has another
 * @param container its name in the pod's spec
 * @param folders the hashes of all allocations of the container, by pool: its files are one set
 * @param terms the pool's when the container was made
 * @param generation how often the container's set of files was swapped
 * @param made whether the container was made with our answer; else it runs without an index from us
 * @param frozen what its environment was made with
 * @param ended whether the container has ended; what comes after it is another container
 */
public record Claim(
    Sandbox sandbox,
    String containerId,
    String container,
    List<String> folders,
    PoolTerms terms,
    long generation,
    boolean made,
    Frozen frozen,
    boolean ended) {
  public Claim {
    folders = List.copyOf(folders);
  }

  /** The same container with another count of swaps. */
  Claim withGeneration(long next) {
    return new Claim(sandbox, containerId, container, folders, terms, next, made, frozen, ended);
  }

  /** The same container, made with this environment, or without us. */
  Claim made(boolean withUs, Frozen environment) {
    return new Claim(
        sandbox, containerId, container, folders, terms, generation, withUs, environment, false);
  }

  /** The same when the container has ended. */
  Claim end() {
    return new Claim(
        sandbox, containerId, container, folders, terms, generation, made, frozen, true);
  }

  /**
   * The container's variables, as the record of the pod has them. Nobody reads those of one that
   * has ended, so they cannot be outdated.
   *
   * @param now what they would be if the container was made now
   */
  ContainerVariables variables(Map<String, String> now) {
    ContainerVariables compared = frozen.comparedWith(now);
    return ended
        ? new ContainerVariables(compared.injected(), List.of(), compared.kept())
        : compared;
  }
}
