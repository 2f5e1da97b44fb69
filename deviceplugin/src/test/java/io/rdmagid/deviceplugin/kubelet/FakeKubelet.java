package io.rdmagid.deviceplugin.kubelet;

import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.rdmagid.proto.deviceplugin.Device;
import io.rdmagid.proto.deviceplugin.DevicePluginGrpc;
import io.rdmagid.proto.deviceplugin.DevicePluginOptions;
import io.rdmagid.proto.deviceplugin.Empty;
import io.rdmagid.proto.deviceplugin.ListAndWatchResponse;
import io.rdmagid.proto.deviceplugin.RegisterRequest;
import io.rdmagid.proto.deviceplugin.RegistrationGrpc;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The kubelet's device manager as far as plugins see it: when it starts it removes every socket in
 * its folder and makes its own; a registration is dialled and asked for its options before it is
 * answered, and listened to afterwards.
 */
final class FakeKubelet {
  private static final long LIMIT_SECONDS = 20;

  private final Path folder;
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final BlockingQueue<Registration> registrations = new LinkedBlockingQueue<>();
  private final ConcurrentLinkedQueue<Status> refusals = new ConcurrentLinkedQueue<>();
  private final AtomicInteger deaf = new AtomicInteger();
  private final BlockingQueue<Hung> hung = new LinkedBlockingQueue<>();
  private volatile String hanging = "";
  private final Map<String, Endpoint> endpoints = new ConcurrentHashMap<>();
  private Server server;

  FakeKubelet(Path folder) {
    this.folder = folder;
  }

  /** A registration, with the options that the plugin told when it was dialled. */
  record Registration(RegisterRequest request, DevicePluginOptions toldOptions) {}

  /** What the kubelet knows of a resource's plugin: the newest registration. */
  static final class Endpoint implements StreamObserver<ListAndWatchResponse> {
    final ManagedChannel channel;
    final BlockingQueue<List<Device>> lists = new LinkedBlockingQueue<>();
    final Context.CancellableContext context = Context.ROOT.withCancellation();
    final BlockingQueue<Status> ends = new LinkedBlockingQueue<>();

    Endpoint(ManagedChannel channel) {
      this.channel = channel;
    }

    /** The next list, in the order of their coming. */
    List<Device> nextList() throws InterruptedException {
      return present(lists.poll(LIMIT_SECONDS, TimeUnit.SECONDS), "no list came");
    }

    /** Waits for the stream's end. */
    Status end() throws InterruptedException {
      return present(ends.poll(LIMIT_SECONDS, TimeUnit.SECONDS), "the stream did not end");
    }

    /** Stops to listen, as the kubelet does for reasons of its own. */
    void cut() {
      boolean _ = context.cancel(null);
    }

    DevicePluginGrpc.DevicePluginBlockingStub calls() {
      return DevicePluginGrpc.newBlockingStub(channel)
          .withDeadlineAfter(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void onNext(ListAndWatchResponse list) {
      lists.add(list.getDevicesList());
    }

    @Override
    public void onError(Throwable failure) {
      ends.add(Status.fromThrowable(failure));
      channel.shutdownNow();
    }

    @Override
    public void onCompleted() {
      ends.add(Status.OK);
      channel.shutdownNow();
    }
  }

  /** The process starts. */
  void start() throws IOException {
    Files.createDirectories(folder);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    server =
        NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(folder.resolve("kubelet.sock")))
            .channelType(NioServerDomainSocketChannel.class)
            .withChildOption(ChannelOption.SO_KEEPALIVE, null)
            .bossEventLoopGroup(group)
            .workerEventLoopGroup(group)
            .addService(new RegistrationService())
            .build()
            .start();
  }

  /** The process dies, and with it all of its connections. */
  void stop() throws InterruptedException {
    server.shutdownNow();
    if (!server.awaitTermination(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("the fake kubelet does not end");
    }
    for (Endpoint endpoint : endpoints.values()) {
      endpoint.channel.shutdownNow();
      if (!endpoint.channel.awaitTermination(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("a connection of the fake kubelet does not end");
      }
    }
    endpoints.clear();
  }

  /** The next registration is refused. */
  void refuseNext(Status status) {
    refusals.add(status);
  }

  /**
   * The next registration of this resource is taken, and answered when {@link Hung#goOn} says so.
   */
  void hangOn(String resourceName) {
    hanging = resourceName;
  }

  /** Waits for the registration that hangs. */
  Hung nextHung() throws InterruptedException {
    return present(hung.poll(LIMIT_SECONDS, TimeUnit.SECONDS), "nobody registered");
  }

  /** A registration that the kubelet has not answered. */
  final class Hung {
    private final RegisterRequest request;
    private final ServerCallStreamObserver<Empty> out;

    Hung(RegisterRequest request, StreamObserver<Empty> out) {
      this.request = request;
      this.out = (ServerCallStreamObserver<Empty>) out;
      this.out.setOnCancelHandler(() -> {}); // so that an answer that comes too late is no error
    }

    boolean isGivenUp() {
      return out.isCancelled();
    }

    void goOn() {
      accept(request, out);
    }
  }

  /** The next registration is accepted, and then forgotten. */
  void ignoreNext() {
    deaf.incrementAndGet();
  }

  Registration nextRegistration() throws InterruptedException {
    return present(registrations.poll(LIMIT_SECONDS, TimeUnit.SECONDS), "nobody registered");
  }

  /** Waits for a registration, and tells what became of it. */
  Endpoint nextEndpoint() throws InterruptedException {
    return endpoints.get(nextRegistration().request().getResourceName());
  }

  /** How many registrations nobody has taken. */
  int waitingRegistrations() {
    return registrations.size();
  }

  /** The end of a test. */
  void end() throws InterruptedException {
    stop();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
  }

  /** A channel to a socket in the folder. */
  ManagedChannel dial(String endpoint) {
    return dial(group, folder.resolve(endpoint));
  }

  static ManagedChannel dial(EventLoopGroup group, Path socket) {
    return NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
        .channelType(NioDomainSocketChannel.class)
        .withOption(ChannelOption.SO_KEEPALIVE, null)
        .eventLoopGroup(group)
        .overrideAuthority("localhost")
        .usePlaintext()
        .build();
  }

  private final class RegistrationService extends RegistrationGrpc.RegistrationImplBase {
    @Override
    public void register(RegisterRequest request, StreamObserver<Empty> out) {
      Status refusal = refusals.poll();
      if (refusal != null) {
        registrations.add(new Registration(request, DevicePluginOptions.getDefaultInstance()));
        out.onError(refusal.asRuntimeException());
        return;
      }
      if (hanging.equals(request.getResourceName())) {
        hanging = "";
        hung.add(new Hung(request, out));
        return;
      }
      accept(request, out);
    }
  }

  private void accept(RegisterRequest request, StreamObserver<Empty> out) {
    Endpoint endpoint = new Endpoint(dial(request.getEndpoint()));
    DevicePluginOptions options;
    try {
      options = endpoint.calls().getDevicePluginOptions(Empty.getDefaultInstance());
    } catch (StatusRuntimeException e) {
      endpoint.channel.shutdownNow();
      out.onError(Status.UNKNOWN.withDescription("dial: " + e.getMessage()).asRuntimeException());
      return;
    }
    endpoints.put(request.getResourceName(), endpoint);
    out.onNext(Empty.getDefaultInstance());
    out.onCompleted();
    if (deaf.getAndUpdate(count -> Math.max(0, count - 1)) > 0) {
      endpoint.channel.shutdownNow();
    } else {
      endpoint.context.run(() ->
          DevicePluginGrpc.newStub(endpoint.channel)
              .listAndWatch(Empty.getDefaultInstance(), endpoint));
    }
    registrations.add(new Registration(request, options));
  }

  private static <T> T present(T value, String otherwise) {
    if (value == null) {
      throw new AssertionError(otherwise);
    }
    return value;
  }
}
