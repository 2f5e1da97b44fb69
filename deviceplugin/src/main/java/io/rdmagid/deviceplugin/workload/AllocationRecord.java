package io.rdmagid.deviceplugin.workload;

import java.util.List;
import java.util.Optional;

/**
 * What the agent keeps of an allocation over its own restarts.
 *
 * @param id what the kubelet gave
 * @param ports behind the ids, in their order, each once
 * @param bootId the boot of the node in which it was written: a claim of another one is void
 * @param claim the container that has it; empty before one is made, and after its sandbox ended
 */
public record AllocationRecord(
    AllocationId id, List<HeldPort> ports, String bootId, Optional<Claim> claim) {
  public AllocationRecord {
    ports = List.copyOf(ports);
  }

  AllocationRecord withClaim(Optional<Claim> next) {
    return new AllocationRecord(id, ports, bootId, next);
  }

  /**
   * The same when a container has it that is not made yet. In the same sandbox the files' count of
   * swaps goes on.
   *
   * @param folders the hashes of all allocations of the container
   */
  AllocationRecord claimedBy(
      Sandbox sandbox, ContainerSpec container, List<String> folders, PoolTerms terms) {
    return withClaim(
        Optional.of(
            new Claim(
                sandbox,
                container.id(),
                container.name(),
                folders,
                terms,
                claimIn(sandbox.id()).map(Claim::generation).orElse(0L),
                false,
                Frozen.NONE,
                false)));
  }

  /** The claim, if it is one of this sandbox. */
  Optional<Claim> claimIn(String sandboxId) {
    return claim.filter(owner -> owner.sandbox().id().equals(sandboxId));
  }

  /** The name of its folder. */
  String hash() {
    return id.hash();
  }
}
