package io.rdmagid.deviceplugin.workload;

import io.rdmagid.pool.EffectiveRule;
import java.util.List;

/**
 * The container that has an allocation. Its sandbox is the allocation's one owner: what happens in
 * another one never reaches the allocation's files.
 *
 * @param sandbox the container's
 * @param containerId the runtime's id of the container; a container that is made again has another
 * @param container its name in the pod's spec
 * @param folders the hashes of all allocations of the container, by pool: its files are one set
 * @param rule the pool's rule when the container was made; later rules are for later containers
 * @param generation how often the container's set of files was swapped
 * @param made whether the container was made with our answer; else it runs without an index from us
 * @param injected names of the variables that were added to it
 */
public record Claim(
    Sandbox sandbox,
    String containerId,
    String container,
    List<String> folders,
    EffectiveRule rule,
    long generation,
    boolean made,
    List<String> injected) {
  public Claim {
    folders = List.copyOf(folders);
    injected = List.copyOf(injected);
  }

  /** The same container with another count of swaps. */
  Claim withGeneration(long next) {
    return new Claim(sandbox, containerId, container, folders, rule, next, made, injected);
  }

  /** The same container, made with these variables, or without us. */
  Claim made(boolean withUs, List<String> variables) {
    return new Claim(sandbox, containerId, container, folders, rule, generation, withUs, variables);
  }
}
