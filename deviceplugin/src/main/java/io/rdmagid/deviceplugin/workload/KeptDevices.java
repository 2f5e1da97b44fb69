package io.rdmagid.deviceplugin.workload;

import io.rdmagid.deviceplugin.workload.PoolOffer.OfferedDevice;
import io.rdmagid.pool.DeviceIds;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps what pods hold among what is offered, though their pool would not offer it any more: the
 * pool's selectors changed, fewer pods share a port, the pool has no rule for its spec yet, the
 * device was unplugged. A kubelet that restarts admits its pods again, and fails those whose ids it
 * does not find. Pure.
 */
final class KeptDevices {
  private final NodePlan plan;
  private final Set<String> heldIds = new HashSet<>();

  private KeptDevices(NodePlan plan, List<AllocationRecord> held) {
    this.plan = plan;
    held.forEach(record -> heldIds.addAll(record.id().ids()));
  }

  /**
   * The offers with the ids that pods hold, each of at most {@link DeviceIds#MOST} while that is
   * more than pods hold: free ids go first, the last of them.
   *
   * @param plan what the pools offer by themselves
   * @param pools that exist; an id without its pool has no resource name any more
   * @param held allocations that a pod has
   */
  static List<PoolOffer> added(
      NodePlan plan, Collection<PoolState> pools, List<AllocationRecord> held) {
    KeptDevices kept = new KeptDevices(plan, held);
    Map<String, PoolOffer> offers = new LinkedHashMap<>();
    plan.offers().forEach(offer -> offers.put(offer.resourceName(), offer));
    Map<String, String> resourceNames = new HashMap<>();
    pools.forEach(state -> resourceNames.put(state.pool().name(), state.pool().resourceName()));
    for (AllocationRecord record : held) {
      String pool = record.id().pool();
      String resourceName = resourceNames.get(pool);
      if (resourceName != null) {
        offers.compute(
            resourceName,
            (_, offer) ->
                kept.with(
                    offer == null ? new PoolOffer(pool, resourceName, List.of()) : offer, record));
      }
    }
    return offers.values().stream()
        .map(kept::cut)
        .sorted(Comparator.comparing(PoolOffer::pool))
        .toList();
  }

  /** What pods hold of ports that the pool no longer has comes on top of what was cut already. */
  private PoolOffer cut(PoolOffer offer) {
    List<OfferedDevice> devices = new ArrayList<>(offer.devices());
    for (int i = devices.size() - 1; i >= 0 && devices.size() > DeviceIds.MOST; i--) {
      if (!heldIds.contains(devices.get(i).id())) {
        devices.remove(i);
      }
    }
    return new PoolOffer(offer.pool(), offer.resourceName(), devices);
  }

  private PoolOffer with(PoolOffer offer, AllocationRecord record) {
    List<OfferedDevice> devices = new ArrayList<>(offer.devices());
    for (int i = 0; i < record.id().ids().size(); i++) {
      String id = record.id().ids().get(i);
      if (devices.stream().noneMatch(device -> device.id().equals(id))) {
        port(record, i).ifPresent(port -> replaceFreeOne(devices, plan.device(id, port)));
      }
    }
    return new PoolOffer(offer.pool(), offer.resourceName(), devices);
  }

  /** The port has as many ids as before, while it has a free one: else more pods would share it. */
  private void replaceFreeOne(List<OfferedDevice> devices, OfferedDevice kept) {
    for (int i = devices.size() - 1; i >= 0; i--) {
      OfferedDevice device = devices.get(i);
      if (device.device().equals(kept.device())
          && device.port() == kept.port()
          && !heldIds.contains(device.id())) {
        devices.remove(i);
        break;
      }
    }
    devices.add(kept);
  }

  /** The port behind an id, also where the node has it no more. */
  private Optional<HeldPort> port(AllocationRecord record, int id) {
    List<HeldPort> ports = record.ports();
    return plan.portOf(record.id().ids().get(id))
        .or(() ->
            ports.size() == record.id().ids().size()
                ? Optional.of(ports.get(id))
                : ports.stream().findFirst().filter(_ -> ports.size() == 1));
  }
}
