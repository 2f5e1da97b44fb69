package io.rdmagid.e2e.node;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.rdmagid.e2e.testbed.BridgedSocket;
import io.rdmagid.e2e.testbed.ControlPlane;
import io.rdmagid.e2e.testbed.Node;
import io.rdmagid.e2e.testbed.Poll;
import io.rdmagid.proto.deviceplugin.AllocateRequest;
import io.rdmagid.proto.deviceplugin.AllocateResponse;
import io.rdmagid.proto.deviceplugin.ContainerAllocateResponse;
import io.rdmagid.proto.deviceplugin.Device;
import io.rdmagid.proto.deviceplugin.DevicePluginGrpc;
import io.rdmagid.proto.deviceplugin.DevicePluginOptions;
import io.rdmagid.proto.deviceplugin.DeviceSpec;
import io.rdmagid.proto.deviceplugin.Empty;
import io.rdmagid.proto.deviceplugin.ListAndWatchResponse;
import io.rdmagid.proto.deviceplugin.RegisterRequest;
import io.rdmagid.proto.deviceplugin.RegistrationGrpc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A device plugin of a node that is not ours: one device, whose pods get a device node by its path.
 * It answers in this JVM; the kubelet's socket of it is a bridge to here.
 */
final class OtherPlugin implements AutoCloseable {
  static final String RESOURCE = "example.com/verbs";

  private static final String FOLDER = "/var/lib/kubelet/device-plugins/";
  private static final String SOCKET = "example.sock";
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Node node;
  private final Server server;
  private final String bridge;

  private OtherPlugin(Node node, Server server, String bridge) {
    this.node = node;
    this.server = server;
    this.bridge = bridge;
  }

  /**
   * Registers it with the kubelet.
   *
   * @param deviceNode the path of what its pods get, on the node and in the pod
   */
  static OtherPlugin start(Node node, String deviceNode) {
    Server server;
    try {
      server =
          NettyServerBuilder.forAddress(new InetSocketAddress(ControlPlane.ADVERTISED, 0))
              .addService(new Giving(deviceNode))
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    OtherPlugin plugin;
    try {
      plugin = new OtherPlugin(node, server, bridge(node, server.getPort()));
    } catch (RuntimeException e) {
      server.shutdownNow();
      throw e;
    }
    try {
      plugin.awaitSocket();
      try (BridgedSocket kubelet = node.bridge(FOLDER + "kubelet.sock")) {
        plugin.register(kubelet);
      }
      return plugin;
    } catch (RuntimeException e) {
      plugin.close();
      throw e;
    }
  }

  /** The process of a socket for the kubelet, which is there a moment later. */
  private static String bridge(Node node, int port) {
    return node.sh(
            "rm -f %1$s; setsid socat UNIX-LISTEN:%1$s,fork,unlink-early TCP:%2$s:%3$d > /dev/null 2>&1 & echo $!"
                .formatted(FOLDER + SOCKET, ControlPlane.ADVERTISED, port))
        .strip();
  }

  private void awaitSocket() {
    Poll.until(
        "the bridge of " + SOCKET,
        PATIENCE,
        () -> node.run("[ -S %s ]".formatted(FOLDER + SOCKET)).ok(),
        () -> "socat of " + node.name() + " does not listen");
  }

  private void register(BridgedSocket kubelet) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(kubelet.host(), kubelet.port()).usePlaintext().build();
    try {
      Empty _ =
          RegistrationGrpc.newBlockingStub(channel)
              .withDeadlineAfter(BadClient.LIMIT_SECONDS, TimeUnit.SECONDS)
              .register(
                  RegisterRequest.newBuilder()
                      .setVersion("v1beta1")
                      .setEndpoint(SOCKET)
                      .setResourceName(RESOURCE)
                      .build());
    } finally {
      channel.shutdownNow();
    }
  }

  /** Its socket is gone; the kubelet forgets the resource some minutes later. */
  @Override
  public void close() {
    // setsid made it a group of its own, with a process a connection.
    String _ = node.sh("kill -- -" + bridge + "; rm -f " + FOLDER + SOCKET);
    server.shutdownNow();
  }

  private static final class Giving extends DevicePluginGrpc.DevicePluginImplBase {
    private final String deviceNode;

    Giving(String deviceNode) {
      this.deviceNode = deviceNode;
    }

    @Override
    public void getDevicePluginOptions(Empty request, StreamObserver<DevicePluginOptions> answer) {
      answer.onNext(DevicePluginOptions.getDefaultInstance());
      answer.onCompleted();
    }

    /** One answer, and the stream stays open. */
    @Override
    public void listAndWatch(Empty request, StreamObserver<ListAndWatchResponse> answer) {
      answer.onNext(
          ListAndWatchResponse.newBuilder()
              .addDevices(Device.newBuilder().setID("one").setHealth("Healthy"))
              .build());
    }

    @Override
    public void allocate(AllocateRequest request, StreamObserver<AllocateResponse> answer) {
      DeviceSpec device =
          DeviceSpec.newBuilder()
              .setHostPath(deviceNode)
              .setContainerPath(deviceNode)
              .setPermissions("rw")
              .build();
      AllocateResponse.Builder response = AllocateResponse.newBuilder();
      request
          .getContainerRequestsList()
          .forEach(_ ->
              response.addContainerResponses(
                  ContainerAllocateResponse.newBuilder().addDevices(device)));
      answer.onNext(response.build());
      answer.onCompleted();
    }
  }
}
