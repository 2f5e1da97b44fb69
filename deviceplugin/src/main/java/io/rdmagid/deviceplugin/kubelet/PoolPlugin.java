package io.rdmagid.deviceplugin.kubelet;

import io.grpc.BindableService;
import io.grpc.Server;
import io.rdmagid.deviceplugin.kubelet.PoolState.Absence;
import io.rdmagid.deviceplugin.pace.Doubling;
import io.rdmagid.deviceplugin.transport.UnixTransport;
import io.rdmagid.deviceplugin.workload.PoolOffer;
import io.rdmagid.proto.deviceplugin.Device;
import io.rdmagid.proto.deviceplugin.ListAndWatchResponse;
import io.rdmagid.proto.deviceplugin.NUMANode;
import io.rdmagid.proto.deviceplugin.TopologyInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pool's device plugin: its socket, its place with the kubelet, and the kubelet's streams. It
 * belongs to the edge's thread, which calls {@link #step} whenever something happened or a time has
 * come; all that it does follows from what it finds.
 */
final class PoolPlugin {
  private static final Logger LOG = LoggerFactory.getLogger(PoolPlugin.class);

  /** How long the kubelet may take from an accepted registration to its ListAndWatch. */
  private static final long STREAM_LIMIT = Duration.ofSeconds(10).toNanos();

  /**
   * How long a kubelet that comes by itself may take: after failures it waits up to 122 s
   * (pkg/util/goroutinemap/exponentialbackoff). Later than that it has missed the socket.
   */
  private static final long VISIT_LIMIT = Duration.ofSeconds(150).toNanos();

  /**
   * Before we register again. When a stream ends, the kubelet marks whatever is registered under
   * the resource's name as stopped, a moment later: a plugin that came back before that would stay
   * stopped.
   */
  private static final Doubling PAUSES =
      new Doubling(Duration.ofSeconds(1), Duration.ofSeconds(30));

  private final Path socket;
  private final PluginTransport transport;
  private final PoolService service;
  private final RegistrationWay way;
  private final LongSupplier ticker;
  private final List<DeviceListStream> streams = new ArrayList<>();
  private PoolOffer offer;
  private ListAndWatchResponse list;
  private @Nullable Server server;
  private boolean preStart;
  private boolean accepted;
  private @Nullable Absence absence;
  private long tryAt;
  private long registeredAt;
  private int failures;

  /**
   * Has nothing to do with the kubelet yet.
   *
   * @param ticker nanoseconds, as {@link System#nanoTime} has them
   */
  PoolPlugin(
      PoolOffer offer,
      Path socket,
      PluginTransport transport,
      PoolService service,
      RegistrationWay way,
      LongSupplier ticker) {
    this.offer = offer;
    this.socket = socket;
    this.transport = transport;
    this.service = service;
    this.way = way;
    this.ticker = ticker;
    this.list = list(offer);
    this.tryAt = ticker.getAsLong();
    this.registeredAt = tryAt;
    this.absence = new Absence(tryAt, "not registered yet");
  }

  /** The pool's devices are now these. */
  void offer(PoolOffer newest) {
    if (!newest.equals(offer)) {
      offer = newest;
      list = list(newest);
      service.offer(newest);
    }
  }

  /**
   * The kubelet is to ask before each start of a container, or not: it takes that with a
   * registration only. Whoever was registered ends first, as the end of its stream would stop the
   * new one.
   */
  void preStart(boolean required) {
    if (required != preStart) {
      preStart = required;
      service.preStart(required);
      if (server != null) {
        LOG.atInfo()
            .addKeyValue("pool", offer.pool())
            .addKeyValue("preStart", required)
            .log("Registering anew with other options");
        absent("registers anew, with other options");
        closeSocket();
        failures = 0;
        tryAt = ticker.getAsLong() + PAUSES.first().toNanos();
      }
    }
  }

  /** How it stands with the kubelet. */
  PoolState state() {
    return new PoolState(offer.pool(), offer.resourceName(), Optional.ofNullable(absence));
  }

  /** The kubelet was started again: it knows nobody, has removed our socket, and waits for us. */
  void kubeletReturned() {
    lookAtSocket();
    absent("the kubelet was started again");
    failures = 0;
    tryAt = ticker.getAsLong();
  }

  /**
   * Does what is to do.
   *
   * @return the nanoseconds until there may be more to do, if nothing happens
   */
  long step() {
    lookAtSocket();
    way.heard().forEach(this::hear);
    lookAtStreams();
    if (absence != null && ticker.getAsLong() - tryAt >= 0) {
      introduce();
    }
    long now = ticker.getAsLong();
    long next = absence == null ? DeviceListStream.NOTHING_DUE : Math.max(0, tryAt - now);
    for (DeviceListStream stream : streams) {
      next = Math.min(next, stream.send(list, now));
    }
    return next;
  }

  /** Ends it: the kubelet sees its stream end, and lends these devices to nobody any more. */
  void end() {
    absent("the plugin has ended");
    closeSocket();
  }

  private void lookAtSocket() {
    if (server != null && !Files.exists(socket)) {
      LOG.atInfo().addKeyValue("pool", offer.pool()).log("Socket was removed, making it again");
      absent("the socket was removed");
      closeSocket();
      tryAt = ticker.getAsLong() + PAUSES.first().toNanos();
    }
  }

  private void lookAtStreams() {
    streams.addAll(service.takeOpened());
    if (streams.removeIf(DeviceListStream::hasEnded)) {
      long now = ticker.getAsLong();
      if (absence == null && now - registeredAt > PAUSES.longest().toNanos()) {
        failures = 0;
      }
      absent("the kubelet stopped listening");
      tryAt = now + pause();
      LOG.atInfo().addKeyValue("pool", offer.pool()).log("The kubelet stopped listening");
    }
    if (absence != null && accepted && !streams.isEmpty()) {
      absence = null;
      registeredAt = ticker.getAsLong();
      LOG.atInfo().addKeyValue("pool", offer.pool()).log("Registered with the kubelet");
    }
  }

  private void introduce() {
    if (accepted) {
      LOG.atWarn()
          .addKeyValue("pool", offer.pool())
          .log("The kubelet accepted, but does not listen");
      absent("the kubelet accepted, but does not listen");
    }
    if (server != null && way.needsNewSocket()) {
      LOG.atInfo().addKeyValue("pool", offer.pool()).log("Making the socket anew");
      closeSocket();
    }
    if (server != null || serve()) {
      hear(way.introduce());
    }
  }

  private boolean serve() {
    try {
      List<BindableService> services = new ArrayList<>(way.services());
      services.add(service);
      server = transport.serve(socket, services);
      return true;
    } catch (IOException e) {
      long pause = pause();
      tryAt = ticker.getAsLong() + pause;
      LOG.atWarn()
          .addKeyValue("socket", socket)
          .addKeyValue("retryMillis", Duration.ofNanos(pause).toMillis())
          .addKeyValue("reason", UnixTransport.reason(e))
          .log("Socket not made");
      absent("socket " + socket + " not made: " + UnixTransport.reason(e));
      return false;
    }
  }

  private void closeSocket() {
    Server running = server;
    server = null;
    if (running != null) {
      try {
        transport.end(running, socket);
      } catch (IOException e) {
        LOG.atWarn().addKeyValue("socket", socket).setCause(e).log("Socket not removed");
      }
    }
    // What came by it is no news any more.
    streams.clear();
    service.takeOpened();
    way.forget();
  }

  private void hear(RegistrationWay.Said said) {
    switch (said) {
      case RegistrationWay.Said.Accepted _ -> {
        accepted = true;
        tryAt = ticker.getAsLong() + STREAM_LIMIT;
      }
      case RegistrationWay.Said.Refused(String reason) -> {
        absent("the kubelet refused or is away: " + reason);
        long pause = pause();
        tryAt = ticker.getAsLong() + pause;
        LOG.atWarn()
            .addKeyValue("pool", offer.pool())
            .addKeyValue("reason", reason)
            .addKeyValue("retryMillis", Duration.ofNanos(pause).toMillis())
            .log("The kubelet refused a registration or is away");
      }
      case RegistrationWay.Said.Comes(String reason) when absence != null -> {
        absent(reason);
        tryAt = ticker.getAsLong() + VISIT_LIMIT;
      }
      case RegistrationWay.Said.Comes _ -> {
        // Whoever asks while the kubelet listens changes nothing.
      }
    }
  }

  /** The kubelet does not have the pool, for this reason now, since whenever that began. */
  private void absent(String reason) {
    accepted = false;
    long since = absence == null ? ticker.getAsLong() : absence.since();
    absence = new Absence(since, reason.strip().replaceAll("\\s+", " "));
  }

  /** Each pause in a row is twice the one before. */
  private long pause() {
    return PAUSES.after(failures++).toNanos();
  }

  private static ListAndWatchResponse list(PoolOffer offer) {
    ListAndWatchResponse.Builder devices = ListAndWatchResponse.newBuilder();
    for (PoolOffer.OfferedDevice offered : offer.devices()) {
      Device.Builder device =
          Device.newBuilder()
              .setID(offered.id())
              .setHealth(offered.healthy() ? "Healthy" : "Unhealthy");
      if (offered.numaNode() >= 0) {
        device.setTopology(
            TopologyInfo.newBuilder().addNodes(NUMANode.newBuilder().setID(offered.numaNode())));
      }
      devices.addDevices(device);
    }
    return devices.build();
  }
}
