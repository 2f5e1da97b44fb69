package io.rdmagid.deviceplugin.kubelet;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.rdmagid.deviceplugin.kubelet.FakeKubelet.Endpoint;
import io.rdmagid.proto.deviceplugin.DevicePluginGrpc;
import io.rdmagid.proto.deviceplugin.DevicePluginOptions;
import io.rdmagid.proto.deviceplugin.Empty;
import io.rdmagid.proto.pluginregistration.InfoRequest;
import io.rdmagid.proto.pluginregistration.PluginInfo;
import io.rdmagid.proto.pluginregistration.RegistrationGrpc;
import io.rdmagid.proto.pluginregistration.RegistrationGrpc.RegistrationBlockingStub;
import io.rdmagid.proto.pluginregistration.RegistrationStatus;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The kubelet's plugin manager as far as device plugins see it: notes which sockets were made, and
 * round by round unregisters what is gone or was made anew, and registers what is not registered.
 * It leaves sockets alone, and what is registered, too, whatever becomes of its stream.
 */
final class FakePluginWatcher {
  private static final long LIMIT_SECONDS = 20;
  private static final long ROUND_MILLIS = 100;

  private final Path folder;
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final BlockingQueue<Visit> visits = new LinkedBlockingQueue<>();
  private final Queue<String> refusals = new ConcurrentLinkedQueue<>();
  private final AtomicInteger blind = new AtomicInteger();
  private final AtomicInteger deaf = new AtomicInteger();
  private final Map<String, Endpoint> endpoints = new ConcurrentHashMap<>();
  private final Map<Path, UUID> desired = new HashMap<>();
  private final Map<Path, Registered> actual = new HashMap<>();
  private WatchService watch;
  private Thread thread;

  FakePluginWatcher(Path folder) {
    this.folder = folder;
  }

  /** A try to register: what the plugin said of itself and what came of it. */
  record Visit(PluginInfo info, DevicePluginOptions options, Endpoint endpoint) {}

  private record Registered(UUID made, String resource) {}

  /** The process starts. */
  void start() throws IOException {
    Files.createDirectories(folder);
    watch = folder.getFileSystem().newWatchService();
    folder.register(watch, ENTRY_CREATE, ENTRY_DELETE);
    try (DirectoryStream<Path> sockets = Files.newDirectoryStream(folder, "*.sock")) {
      sockets.forEach(this::made);
    }
    WatchService service = watch;
    thread = Thread.ofPlatform().name("fake-plugin-watcher").start(() -> run(service));
  }

  /** The process dies, and with it all of its connections; sockets stay. */
  void stop() throws IOException, InterruptedException {
    thread.interrupt();
    if (!thread.join(Duration.ofSeconds(LIMIT_SECONDS))) {
      throw new AssertionError("the fake plugin watcher does not end");
    }
    watch.close();
    endpoints.values().forEach(endpoint -> endpoint.channel.shutdownNow());
    endpoints.clear();
    desired.clear();
    actual.clear();
  }

  /** The next registration fails, for this reason; it is tried again in a later round. */
  void refuseNext(String reason) {
    refusals.add(reason);
  }

  /** The next socket that is made is not seen. */
  void overlookNext() {
    blind.incrementAndGet();
  }

  /** The next registration succeeds, and is forgotten. */
  void ignoreNext() {
    deaf.incrementAndGet();
  }

  /** What a plugin says of itself, to somebody who does not register it. */
  PluginInfo ask(Path socket) {
    ManagedChannel channel = FakeKubelet.dial(group, socket);
    try {
      return registration(channel).getInfo(InfoRequest.getDefaultInstance());
    } finally {
      channel.shutdownNow();
    }
  }

  Visit nextVisit() throws InterruptedException {
    Visit visit = visits.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
    if (visit == null) {
      throw new AssertionError("nothing was registered");
    }
    return visit;
  }

  /** How many registrations nobody has taken. */
  int waitingVisits() {
    return visits.size();
  }

  /** The end of a test. */
  void end() throws IOException, InterruptedException {
    stop();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
  }

  private void run(WatchService service) {
    try {
      while (true) {
        WatchKey key = service.poll(ROUND_MILLIS, TimeUnit.MILLISECONDS);
        if (key != null) {
          key.pollEvents().forEach(this::look);
          key.reset();
        }
        round();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look(WatchEvent<?> event) {
    Path socket = folder.resolve((Path) event.context());
    if (event.kind().equals(ENTRY_DELETE)) {
      desired.remove(socket);
    } else if (blind.getAndUpdate(count -> Math.max(0, count - 1)) == 0) {
      made(socket);
    }
  }

  private void made(Path socket) {
    desired.put(socket, UUID.randomUUID());
  }

  private void round() throws InterruptedException {
    for (Path socket : List.copyOf(actual.keySet())) {
      Registered registered = actual.get(socket);
      if (!registered.made().equals(desired.get(socket))) {
        actual.remove(socket);
        Endpoint endpoint = endpoints.remove(registered.resource());
        if (endpoint != null) {
          endpoint.channel.shutdownNow();
        }
      }
    }
    for (Path socket : List.copyOf(desired.keySet())) {
      if (!actual.containsKey(socket)) {
        register(socket);
      }
    }
  }

  private void register(Path socket) throws InterruptedException {
    ManagedChannel channel = FakeKubelet.dial(group, socket);
    try {
      register(socket, registration(channel));
    } catch (StatusRuntimeException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      // It is tried again in the next round.
    } finally {
      channel.shutdownNow();
    }
  }

  private void register(Path socket, RegistrationBlockingStub plugin) {
    PluginInfo info = plugin.getInfo(InfoRequest.getDefaultInstance());
    String refusal = refusals.poll();
    if (refusal != null) {
      var _ = plugin.notifyRegistrationStatus(status(false, refusal));
      return;
    }
    Path socketOfPlugin =
        info.getEndpoint().isEmpty() ? socket : Path.of("/").resolve(info.getEndpoint());
    Endpoint endpoint = new Endpoint(FakeKubelet.dial(group, socketOfPlugin));
    DevicePluginOptions options =
        endpoint.calls().getDevicePluginOptions(Empty.getDefaultInstance());
    endpoints.put(info.getName(), endpoint);
    actual.put(socket, new Registered(desired.get(socket), info.getName()));
    if (deaf.getAndUpdate(count -> Math.max(0, count - 1)) > 0) {
      endpoint.channel.shutdownNow();
    } else {
      endpoint.context.run(() ->
          DevicePluginGrpc.newStub(endpoint.channel)
              .listAndWatch(Empty.getDefaultInstance(), endpoint));
    }
    // The stream may come first or this.
    var _ = plugin.notifyRegistrationStatus(status(true, ""));
    visits.add(new Visit(info, options, endpoint));
  }

  private static RegistrationBlockingStub registration(ManagedChannel channel) {
    return RegistrationGrpc.newBlockingStub(channel)
        .withDeadlineAfter(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  private static RegistrationStatus status(boolean registered, String error) {
    return RegistrationStatus.newBuilder().setPluginRegistered(registered).setError(error).build();
  }
}
