package io.rdmagid.deviceplugin.workload;

import io.rdmagid.library.LibrarySetup;
import io.rdmagid.pool.EffectiveRule;
import java.util.Set;

/**
 * What a pool had to say when a container was made; what it says later is for later containers.
 *
 * @param rule by which entries are chosen
 * @param setup what the container's programs are told
 */
public record PoolTerms(EffectiveRule rule, LibrarySetup setup) {
  /** The same for a container whose author tells these libraries. */
  PoolTerms steered(Set<String> libraries) {
    return new PoolTerms(rule, setup.steered(libraries));
  }
}
