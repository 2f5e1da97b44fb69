package io.rdmagid.deviceplugin.others;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.rdmagid.deviceplugin.inventory.Device;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.workload.NodeNotices;
import io.rdmagid.deviceplugin.workload.OfferListener;
import io.rdmagid.deviceplugin.workload.PoolOffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports the devices of our pools that others hand out, too: as Events of the Node, a metric and
 * in the log. Its methods may come from any thread, and do not block.
 */
public final class OtherPlugins implements OfferListener {
  private static final Logger LOG = LoggerFactory.getLogger(OtherPlugins.class);

  private final NodeNotices notices;
  private final LongSupplier ticker;
  private final AtomicInteger shared = new AtomicInteger();
  private final SharingNews news = new SharingNews();
  private Inventory inventory = Inventory.EMPTY;
  private List<PoolOffer> offers = List.of();
  private Map<Giver, Set<String>> specs = Map.of();
  private Map<Giver, Set<String>> pods = Map.of();

  /** Knows of nothing yet. */
  public OtherPlugins(NodeNotices notices, MeterRegistry registry) {
    this(notices, registry, System::nanoTime);
  }

  /** With a time of the test's own. */
  OtherPlugins(NodeNotices notices, MeterRegistry registry, LongSupplier ticker) {
    this.notices = notices;
    this.ticker = ticker;
    Gauge.builder("rdmagid.shared.devices", shared, AtomicInteger::get)
        .description("Devices of pools that others hand out, too")
        .register(registry);
  }

  /** The node's devices are now these. */
  public synchronized void read(Inventory newest) {
    inventory = newest;
    report();
  }

  @Override
  public synchronized void offered(List<PoolOffer> newest) {
    offers = List.copyOf(newest);
    report();
  }

  /** The CDI specs of others now name these device nodes ("uverbs0"), by kind. */
  public synchronized void specs(Map<String, Set<String>> nodesByKind) {
    specs = new HashMap<>();
    nodesByKind.forEach((kind, nodes) -> specs.put(new Giver.Spec(kind), Set.copyOf(nodes)));
    report();
  }

  /** Pods now have these device nodes, and not from us. */
  synchronized void pods(Map<Giver.Pod, Set<String>> nodesByPod) {
    pods = Map.copyOf(nodesByPod);
    report();
  }

  /** The names of these devices' nodes. */
  synchronized Set<String> nodes(Set<String> devices) {
    return inventory.devices().stream()
        .filter(device -> devices.contains(device.name()))
        .map(Device::uverbs)
        .collect(Collectors.toSet());
  }

  private void report() {
    Map<Giver, Set<String>> given = new HashMap<>(specs);
    given.putAll(pods);
    List<Sharing> sharings = Sharing.of(inventory, offers, given);
    Set<String> devices = sharings.stream().map(Sharing::device).collect(Collectors.toSet());
    shared.set(devices.size());
    news.of(sharings, ticker.getAsLong())
        .forEach((giver, found) -> tell(SharingNotice.of(giver, found)));
  }

  private void tell(SharingNotice found) {
    LOG.atWarn()
        .addKeyValue("devices", found.devices())
        .addKeyValue("pools", found.pools())
        .addKeyValue("by", found.giver().text())
        .log("RDMA devices of pools are handed out by others, too");
    notices.tell(found.notice());
  }
}
