package io.rdmagid.deviceplugin.cri;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Looks for the pod one of whose containers has certain devices. What a pod has is settled before
 * its sandbox is made, so one that was seen to have other devices is not asked of again; whoever
 * seems to have them always is, since the devices of a pod that has ended are given on while its
 * sandbox may still be there. The newest sandboxes come first, for the same reason, and because a
 * pod that starts is one of them. Not thread-safe.
 */
final class PodSearch {
  /** What the kubelet says of a pod. */
  @FunctionalInterface
  interface Account {
    /** Empty where it has no pod of this name. */
    Optional<PodDevices> devices(String namespace, String podName)
        throws CallFailedException, InterruptedException;
  }

  private static final Comparator<ReadySandbox> NEWEST_FIRST =
      Comparator.comparingLong(ReadySandbox::createdAt).reversed().thenComparing(ReadySandbox::id);

  private final Account account;

  /** By the ids of sandboxes. */
  private final Map<String, PodDevices> seen = new HashMap<>();

  PodSearch(Account account) {
    this.account = account;
  }

  /** What was found. */
  sealed interface Result {
    /** This container has exactly these devices. */
    record Found(ReadySandbox sandbox, String container, PodDevices devices) implements Result {}

    /**
     * None has.
     *
     * @param near a pod of which a container has some of them
     */
    record None(Optional<ReadySandbox> near) implements Result {}
  }

  /**
   * Looks.
   *
   * @param ready all sandboxes of the node that are ready now
   * @param ids of the resource's devices
   * @throws CallFailedException if the kubelet does not answer
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  Result find(List<ReadySandbox> ready, String resource, Set<String> ids)
      throws CallFailedException, InterruptedException {
    seen.keySet().retainAll(ready.stream().map(ReadySandbox::id).collect(Collectors.toSet()));
    Map<String, List<ReadySandbox>> pods =
        ready.stream()
            .sorted(NEWEST_FIRST)
            .collect(
                Collectors.groupingBy(ReadySandbox::pod, LinkedHashMap::new, Collectors.toList()));
    Optional<ReadySandbox> near = Optional.empty();
    for (List<ReadySandbox> sameName : pods.values()) {
      // Of an older pod of that name nothing starts any more, and the kubelet tells of the newer.
      ReadySandbox sandbox = sameName.getFirst();
      Optional<PodDevices> devices = Optional.ofNullable(seen.get(sandbox.id()));
      if (devices.isEmpty() || devices.get().holder(resource, ids).isPresent()) {
        devices = account.devices(sandbox.namespace(), sandbox.podName());
        note(sandbox, devices, sameName.size() == 1);
      }
      Optional<String> holder = devices.flatMap(pod -> pod.holder(resource, ids));
      if (holder.isPresent()) {
        return new Result.Found(sandbox, holder.get(), devices.get());
      }
      if (near.isEmpty() && devices.filter(pod -> pod.hasAny(resource, ids)).isPresent()) {
        near = Optional.of(sandbox);
      }
    }
    return new Result.None(near);
  }

  /** The kubelet tells pods apart by their names only, so where two have one nothing is noted. */
  private void note(ReadySandbox sandbox, Optional<PodDevices> devices, boolean onlyOne) {
    if (onlyOne && devices.isPresent()) {
      seen.put(sandbox.id(), devices.get());
    } else {
      seen.remove(sandbox.id());
    }
  }
}
