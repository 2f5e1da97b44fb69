package io.rdmagid.deviceplugin.kubelet;

import io.micrometer.core.instrument.MeterRegistry;
import io.rdmagid.deviceplugin.folder.FolderWatch;
import io.rdmagid.deviceplugin.workload.Allocator;
import io.rdmagid.deviceplugin.workload.ContainerStarts;
import io.rdmagid.deviceplugin.workload.NodeNotices;
import io.rdmagid.deviceplugin.workload.OfferListener;
import io.rdmagid.deviceplugin.workload.PoolOffer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers pools to the kubelet, each by a device plugin of its own: a socket in a folder of the
 * kubelet's, registered, and registered again whenever the kubelet stops listening or is started
 * again. A thread of its own does all of it; the methods may be called by any thread.
 */
public final class KubeletEdge implements OfferListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KubeletEdge.class);
  private static final Duration END_LIMIT = Duration.ofSeconds(20);

  /** How often to look whether a folder that is not there has come. */
  private static final long FOLDER_PAUSE = Duration.ofSeconds(30).toNanos();

  private final KubeletRegistration registration;
  private final SocketNames names;
  private final Allocator allocator;
  private final ContainerStarts starts;
  private final NodeNotices notices;
  private final KubeletMetrics metrics;
  private final LongSupplier ticker;
  private final FolderWatch watch;
  private final PluginTransport transport = new PluginTransport();
  private final Map<String, PoolPlugin> plugins = new LinkedHashMap<>();
  private final Absences absences = new Absences();
  private final Semaphore woken = new Semaphore(0);
  private final AtomicBoolean kubeletReturned = new AtomicBoolean();
  private final Thread thread = Thread.ofPlatform().name("kubelet").unstarted(this::run);
  private volatile List<PoolOffer> offers = List.of();
  private volatile boolean preStart;
  private volatile List<PoolState> states = List.of();

  /**
   * How to come to the kubelet. Sockets that former processes of ours left in either folder are
   * removed; a folder may come later.
   *
   * @param devicePlugins where those who call the kubelet have their sockets, {@code
   *     /var/lib/kubelet/device-plugins}
   * @param pluginsRegistry where its plugin watcher looks, {@code
   *     /var/lib/kubelet/plugins_registry}
   * @param process stands in the sockets' names, and differs from that of every process of ours
   *     that the kubelet may remember: where the container has process ids of its own, more than
   *     the process id
   */
  public record Settings(
      KubeletRegistration registration, Path devicePlugins, Path pluginsRegistry, String process) {
    private Path folder() {
      return switch (registration) {
        case DEVICE_PLUGINS -> devicePlugins;
        case PLUGIN_WATCHER -> pluginsRegistry;
      };
    }
  }

  private KubeletEdge(
      Settings settings,
      Allocator allocator,
      ContainerStarts starts,
      NodeNotices notices,
      MeterRegistry registry,
      LongSupplier ticker)
      throws IOException {
    this.registration = settings.registration();
    this.names = new SocketNames(settings.folder(), settings.process());
    this.allocator = allocator;
    this.starts = starts;
    this.notices = notices;
    this.metrics = new KubeletMetrics(registry);
    this.ticker = ticker;
    this.watch =
        FolderWatch.start("kubelet-folder", List.of(settings.folder()), this::inKubeletsFolder);
  }

  /**
   * Starts; nothing is offered yet.
   *
   * @param allocator answers the kubelet's allocations
   * @param starts answers before each start of a container, where the kubelet asks then
   * @param notices takes that the kubelet has been without a pool for more than its restart takes,
   *     and that it has the pool again
   * @throws IOException if the kernel refuses to watch folders, or a socket cannot be removed
   * @throws IllegalArgumentException if the folder's path is too long for sockets in it
   */
  public static KubeletEdge start(
      Settings settings,
      Allocator allocator,
      ContainerStarts starts,
      NodeNotices notices,
      MeterRegistry registry)
      throws IOException {
    return start(settings, allocator, starts, notices, registry, System::nanoTime);
  }

  /** With a time of the test's own. */
  static KubeletEdge start(
      Settings settings,
      Allocator allocator,
      ContainerStarts starts,
      NodeNotices notices,
      MeterRegistry registry,
      LongSupplier ticker)
      throws IOException {
    KubeletEdge edge = new KubeletEdge(settings, allocator, starts, notices, registry, ticker);
    SocketNames.removeStale(settings.devicePlugins());
    SocketNames.removeStale(settings.pluginsRegistry());
    edge.thread.start();
    return edge;
  }

  @Override
  public void offered(List<PoolOffer> newest) {
    offers = List.copyOf(newest);
    woken.release();
  }

  /**
   * Whether the kubelet is to ask before each start of a container: not, before the first call.
   * Pools that it has are registered anew where that changes.
   */
  public void preStart(boolean required) {
    preStart = required;
    woken.release();
  }

  /** How each pool stands with the kubelet, a moment ago; empty after the end. */
  public List<PoolState> states() {
    return states;
  }

  /**
   * The pools that the kubelet has not had for more than its restart takes, with the reasons, in
   * one line; empty if there is none.
   */
  public Optional<String> overdue() {
    return Absences.overdue(states, ticker.getAsLong());
  }

  /** Whether the thread lives. */
  public boolean isAlive() {
    return thread.isAlive();
  }

  /** Ends all plugins and removes their sockets; the kubelet then lends the devices to nobody. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      if (!thread.join(END_LIMIT)) {
        LOG.atWarn().log("kubelet edge does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A kubelet that starts removes every socket there, and then makes its own. */
  private void inKubeletsFolder(FolderWatch.Happening happening, String file) {
    switch (happening) {
      case MADE -> {
        if (file.equals(SocketNames.KUBELET)) {
          kubeletSocketMade();
        }
      }
      case LOST -> kubeletSocketMade();
      case REMOVED, FOLDER_GONE -> woken.release();
      case CHANGED -> {}
    }
  }

  /** In the plugin watcher's folder there is no such socket. */
  private void kubeletSocketMade() {
    kubeletReturned.set(registration == KubeletRegistration.DEVICE_PLUGINS);
    woken.release();
  }

  private void run() {
    try {
      while (true) {
        long pause = pass();
        boolean _ = woken.tryAcquire(pause, TimeUnit.NANOSECONDS);
        int _ = woken.drainPermits();
      }
    } catch (InterruptedException e) {
      LOG.atDebug().log("kubelet edge ends");
    } finally {
      end();
    }
  }

  /** Brings everything to what is offered now, and returns after how long to look again. */
  private long pass() {
    List<Path> _ = watch.watch();
    long pause = watch.watchesAll() ? DeviceListStream.NOTHING_DUE : FOLDER_PAUSE;
    follow(offers);
    boolean returned = kubeletReturned.getAndSet(false);
    boolean ask = preStart;
    for (PoolPlugin plugin : plugins.values()) {
      if (returned) {
        plugin.kubeletReturned();
      }
      plugin.preStart(ask);
      pause = Math.min(pause, plugin.step());
    }
    publishStates();
    long now = ticker.getAsLong();
    absences.notices(states, now).forEach(notices::tell);
    return Math.min(pause, absences.dueIn(states, now));
  }

  private void follow(List<PoolOffer> newest) {
    Map<String, PoolOffer> byPool = new LinkedHashMap<>();
    newest.forEach(offer -> byPool.put(offer.pool(), offer));
    plugins
        .entrySet()
        .removeIf(entry -> {
          PoolOffer offer = byPool.get(entry.getKey());
          boolean gone =
              offer == null
                  || !offer.resourceName().equals(entry.getValue().state().resourceName());
          if (gone) {
            entry.getValue().end();
            metrics.removed(entry.getKey());
          }
          return gone;
        });
    byPool.forEach((pool, offer) -> plugins.computeIfAbsent(pool, _ -> plugin(offer)).offer(offer));
  }

  private PoolPlugin plugin(PoolOffer offer) {
    Path socket = names.of(offer.resourceName());
    PoolService service = new PoolService(offer, allocator, starts, metrics, woken::release);
    RegistrationWay way =
        switch (registration) {
          case DEVICE_PLUGINS ->
              new RegisterCall(
                  transport,
                  names.kubelet(),
                  socket,
                  offer.resourceName(),
                  service::options,
                  woken::release);
          case PLUGIN_WATCHER -> new WatchedSocket(offer.resourceName(), woken::release);
        };
    return new PoolPlugin(offer, socket, transport, service, way, ticker);
  }

  private void publishStates() {
    List<PoolState> newest = plugins.values().stream().map(PoolPlugin::state).toList();
    newest.forEach(state -> metrics.registered(state.pool(), state.registered()));
    states = newest;
  }

  private void end() {
    plugins.values().forEach(PoolPlugin::end);
    publishStates();
    states = List.of();
    transport.close();
    try {
      watch.close();
    } catch (IOException e) {
      LOG.atWarn().setCause(e).log("Watch on the kubelet's folder not closed");
    }
  }
}
