package io.rdmagid.deviceplugin.kubelet;

import io.grpc.Server;
import io.rdmagid.deviceplugin.kubelet.PoolState.Absence;
import io.rdmagid.deviceplugin.transport.UnixTransport;
import io.rdmagid.deviceplugin.workload.PoolOffer;
import io.rdmagid.proto.deviceplugin.Device;
import io.rdmagid.proto.deviceplugin.ListAndWatchResponse;
import io.rdmagid.proto.deviceplugin.NUMANode;
import io.rdmagid.proto.deviceplugin.RegisterRequest;
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
  private static final String API_VERSION = "v1beta1";

  /** How long the kubelet may take from an accepted registration to its ListAndWatch. */
  private static final long STREAM_LIMIT = Duration.ofSeconds(10).toNanos();

  /**
   * Before we register again. When a stream ends, the kubelet marks whatever is registered under
   * the resource's name as stopped, a moment later: a plugin that came back before that would stay
   * stopped.
   */
  private static final long FIRST_PAUSE = Duration.ofSeconds(1).toNanos();

  private static final long LONGEST_PAUSE = Duration.ofSeconds(30).toNanos();

  private final Path socket;
  private final Path kubeletSocket;
  private final PluginTransport transport;
  private final PoolService service;
  private final LongSupplier ticker;
  private final List<DeviceListStream> streams = new ArrayList<>();
  private PoolOffer offer;
  private ListAndWatchResponse list;
  private @Nullable Server server;
  private long serveAt;
  private boolean accepted;
  private @Nullable Absence absence;
  private long registerAt;
  private long registeredAt;
  private int failures;

  /**
   * Has nothing to do with the kubelet yet.
   *
   * @param ticker nanoseconds, as {@link System#nanoTime} has them
   */
  PoolPlugin(
      PoolOffer offer,
      SocketNames names,
      PluginTransport transport,
      PoolService service,
      LongSupplier ticker) {
    this.offer = offer;
    this.socket = names.of(offer.resourceName());
    this.kubeletSocket = names.kubelet();
    this.transport = transport;
    this.service = service;
    this.ticker = ticker;
    this.list = list(offer);
    this.serveAt = ticker.getAsLong();
    this.registerAt = serveAt;
    this.registeredAt = serveAt;
    this.absence = new Absence(serveAt, "not registered yet");
  }

  /** The pool's devices are now these. */
  void offer(PoolOffer newest) {
    if (!newest.equals(offer)) {
      offer = newest;
      list = list(newest);
      service.offer(newest);
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
    serveAt = ticker.getAsLong();
    registerAt = serveAt;
  }

  /**
   * Does what is to do.
   *
   * @return the nanoseconds until there may be more to do, if nothing happens
   * @throws InterruptedException if the thread is interrupted while the kubelet has the word
   */
  long step() throws InterruptedException {
    lookAtSocket();
    if (server == null && ticker.getAsLong() - serveAt >= 0) {
      serve();
    }
    lookAtStreams();
    if (server != null && absence != null && ticker.getAsLong() - registerAt >= 0) {
      register();
    }
    long now = ticker.getAsLong();
    long next = DeviceListStream.NOTHING_DUE;
    if (server == null) {
      next = Math.max(0, serveAt - now);
    } else if (absence != null) {
      next = Math.max(0, registerAt - now);
    }
    for (DeviceListStream stream : streams) {
      next = Math.min(next, stream.send(list, now));
    }
    return next;
  }

  /** Ends it: the kubelet sees its stream end, and lends these devices to nobody any more. */
  void end() {
    absent("the socket was removed");
    Server running = server;
    server = null;
    if (running != null) {
      try {
        transport.end(running, socket);
      } catch (IOException e) {
        LOG.atWarn().addKeyValue("socket", socket).setCause(e).log("Socket not removed");
      }
    }
    // Their ends are no news.
    streams.clear();
    service.takeOpened();
  }

  private void lookAtSocket() {
    if (server != null && !Files.exists(socket)) {
      LOG.atInfo().addKeyValue("pool", offer.pool()).log("Socket was removed, making it again");
      end();
      serveAt = ticker.getAsLong();
      registerAt = serveAt + FIRST_PAUSE;
    }
  }

  private void serve() {
    try {
      server = transport.serve(socket, service);
    } catch (IOException e) {
      long pause = pause();
      serveAt = ticker.getAsLong() + pause;
      LOG.atWarn()
          .addKeyValue("socket", socket)
          .addKeyValue("retryMillis", Duration.ofNanos(pause).toMillis())
          .addKeyValue("reason", UnixTransport.reason(e))
          .log("Socket not made");
      absent("socket " + socket + " not made: " + UnixTransport.reason(e));
    }
  }

  private void lookAtStreams() {
    long now = ticker.getAsLong();
    for (DeviceListStream stream : service.takeOpened()) {
      streams.add(stream);
      if (accepted) {
        accepted = false;
        absence = null;
        registeredAt = now;
        LOG.atInfo().addKeyValue("pool", offer.pool()).log("Registered with the kubelet");
      }
    }
    if (streams.removeIf(DeviceListStream::hasEnded)) {
      if (absence == null && now - registeredAt > LONGEST_PAUSE) {
        failures = 0;
      }
      absent("the kubelet stopped listening");
      registerAt = now + pause();
      LOG.atInfo().addKeyValue("pool", offer.pool()).log("The kubelet stopped listening");
    }
  }

  private void register() throws InterruptedException {
    if (accepted) {
      LOG.atWarn()
          .addKeyValue("pool", offer.pool())
          .log("The kubelet accepted, but does not listen");
      absent("the kubelet accepted, but does not listen");
    }
    RegisterRequest request =
        RegisterRequest.newBuilder()
            .setVersion(API_VERSION)
            .setEndpoint(String.valueOf(socket.getFileName()))
            .setResourceName(offer.resourceName())
            .setOptions(PoolService.OPTIONS)
            .build();
    switch (transport.register(kubeletSocket, request)) {
      case PluginTransport.Registration.Accepted _ -> {
        accepted = true;
        registerAt = ticker.getAsLong() + STREAM_LIMIT;
      }
      case PluginTransport.Registration.Failed(String reason) -> {
        absent("the kubelet refused or is away: " + reason);
        long pause = pause();
        registerAt = ticker.getAsLong() + pause;
        LOG.atWarn()
            .addKeyValue("pool", offer.pool())
            .addKeyValue("reason", reason)
            .addKeyValue("retryMillis", Duration.ofNanos(pause).toMillis())
            .log("The kubelet refused a registration or is away");
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
    return Math.min(FIRST_PAUSE << Math.min(failures++, 10), LONGEST_PAUSE);
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
