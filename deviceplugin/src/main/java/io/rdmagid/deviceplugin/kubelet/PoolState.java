package io.rdmagid.deviceplugin.kubelet;

import java.util.Optional;

/**
 * How a pool stands with the kubelet.
 *
 * @param pool its name
 * @param resourceName under which the kubelet counts it
 * @param absence empty while the kubelet has it: it accepted it and has listened to its devices
 *     ever since
 */
public record PoolState(String pool, String resourceName, Optional<Absence> absence) {
  /**
   * That the kubelet does not have the pool.
   *
   * @param since when it had it last, or when the pool was offered; by the edge's ticker
   * @param reason one line for people: what came of what was tried last
   */
  public record Absence(long since, String reason) {}

  /** Whether the kubelet has the pool. */
  public boolean registered() {
    return absence.isEmpty();
  }
}
