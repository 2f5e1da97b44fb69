import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.rdmagid.proto.deviceplugin.AllocateRequest;
import io.rdmagid.proto.deviceplugin.AllocateResponse;
import io.rdmagid.proto.deviceplugin.ContainerAllocateRequest;
import io.rdmagid.proto.deviceplugin.ContainerAllocateResponse;
import io.rdmagid.proto.deviceplugin.ContainerPreferredAllocationRequest;
import io.rdmagid.proto.deviceplugin.ContainerPreferredAllocationResponse;
import io.rdmagid.proto.deviceplugin.Device;
import io.rdmagid.proto.deviceplugin.DevicePluginGrpc;
import io.rdmagid.proto.deviceplugin.DevicePluginOptions;
import io.rdmagid.proto.deviceplugin.Empty;
import io.rdmagid.proto.deviceplugin.ListAndWatchResponse;
import io.rdmagid.proto.deviceplugin.PreferredAllocationRequest;
import io.rdmagid.proto.deviceplugin.PreferredAllocationResponse;
import io.rdmagid.proto.deviceplugin.RegisterRequest;
import io.rdmagid.proto.deviceplugin.RegistrationGrpc;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Kubelet and device plugin in one process, which call each other once by the agent's libraries and as UnixTransport
 * does: so it loads what the agent loads for that, which has no kubelet while it is trained.
 * usage: java -cp CLASS_PATH CallKubelet SOCKET
 */
class CallKubelet {
  public static void main(String[] arguments) throws Exception {
    var address = UnixDomainSocketAddress.of(Path.of(arguments[0]));
    EventLoopGroup sockets =
        new MultiThreadIoEventLoopGroup(1, Thread.ofPlatform().factory(), NioIoHandler.newFactory());
    ExecutorService calls = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().factory());
    Server server =
        NettyServerBuilder.forAddress(address)
            .channelType(NioServerDomainSocketChannel.class)
            .withChildOption(ChannelOption.SO_KEEPALIVE, null)
            .bossEventLoopGroup(sockets)
            .workerEventLoopGroup(sockets)
            .executor(calls)
            .addService(new Kubelet())
            .addService(new Plugin())
            .build()
            .start();
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(address)
            .channelType(NioDomainSocketChannel.class)
            .withOption(ChannelOption.SO_KEEPALIVE, null)
            .eventLoopGroup(sockets)
            .executor(calls)
            .offloadExecutor(calls)
            .overrideAuthority("localhost")
            .usePlaintext()
            .build();
    Empty _ =
        RegistrationGrpc.newBlockingStub(channel)
            .withDeadlineAfter(1, TimeUnit.MINUTES)
            .register(RegisterRequest.newBuilder().setResourceName("rdmagid.io/training").build());
    var plugin = DevicePluginGrpc.newBlockingStub(channel).withDeadlineAfter(1, TimeUnit.MINUTES);
    var _ = plugin.getDevicePluginOptions(Empty.getDefaultInstance());
    var _ = plugin.listAndWatch(Empty.getDefaultInstance()).next();
    var _ =
        plugin.getPreferredAllocation(
            PreferredAllocationRequest.newBuilder()
                .addContainerRequests(
                    ContainerPreferredAllocationRequest.newBuilder().addAvailableDeviceIDs("one:1::0"))
                .build());
    var _ =
        plugin.allocate(
            AllocateRequest.newBuilder()
                .addContainerRequests(ContainerAllocateRequest.newBuilder().addDevicesIds("one:1::0"))
                .build());
    channel.shutdownNow();
    server.shutdownNow().awaitTermination();
    System.exit(0);
  }

  private static final class Kubelet extends RegistrationGrpc.RegistrationImplBase {
    @Override
    public void register(RegisterRequest request, StreamObserver<Empty> out) {
      out.onNext(Empty.getDefaultInstance());
      out.onCompleted();
    }
  }

  private static final class Plugin extends DevicePluginGrpc.DevicePluginImplBase {
    @Override
    public void getDevicePluginOptions(Empty request, StreamObserver<DevicePluginOptions> out) {
      out.onNext(DevicePluginOptions.newBuilder().setGetPreferredAllocationAvailable(true).build());
      out.onCompleted();
    }

    @Override
    public void listAndWatch(Empty request, StreamObserver<ListAndWatchResponse> out) {
      out.onNext(ListAndWatchResponse.newBuilder().addDevices(Device.newBuilder().setID("one:1::0")).build());
      out.onCompleted();
    }

    @Override
    public void getPreferredAllocation(
        PreferredAllocationRequest request, StreamObserver<PreferredAllocationResponse> out) {
      out.onNext(
          PreferredAllocationResponse.newBuilder()
              .addContainerResponses(
                  ContainerPreferredAllocationResponse.newBuilder().addDeviceIDs("one:1::0"))
              .build());
      out.onCompleted();
    }

    @Override
    public void allocate(AllocateRequest request, StreamObserver<AllocateResponse> out) {
      out.onNext(
          AllocateResponse.newBuilder()
              .addContainerResponses(ContainerAllocateResponse.newBuilder().putEnvs("A", "b"))
              .build());
      out.onCompleted();
    }
  }
}
