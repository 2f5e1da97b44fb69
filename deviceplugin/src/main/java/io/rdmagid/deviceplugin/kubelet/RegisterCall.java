package io.rdmagid.deviceplugin.kubelet;

import io.grpc.BindableService;
import io.rdmagid.proto.deviceplugin.DevicePluginOptions;
import io.rdmagid.proto.deviceplugin.RegisterRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** A plugin that registers itself, by a call on the kubelet's own socket. */
final class RegisterCall implements RegistrationWay {
  private final PluginTransport transport;
  private final Path kubelet;
  private final Supplier<DevicePluginOptions> options;
  private final RegisterRequest request;

  /**
   * Calls nobody yet.
   *
   * @param kubelet the kubelet's socket
   * @param socket the plugin's, in the same folder
   * @param options as they are at each registration
   */
  RegisterCall(
      PluginTransport transport,
      Path kubelet,
      Path socket,
      String resourceName,
      Supplier<DevicePluginOptions> options) {
    this.transport = transport;
    this.kubelet = kubelet;
    this.options = options;
    this.request =
        RegisterRequest.newBuilder()
            .setVersion(PoolService.API_VERSION)
            .setEndpoint(String.valueOf(socket.getFileName()))
            .setResourceName(resourceName)
            .build();
  }

  @Override
  public List<BindableService> services() {
    return List.of();
  }

  @Override
  public boolean needsNewSocket() {
    return false;
  }

  @Override
  public Said introduce() throws InterruptedException {
    return transport.register(kubelet, request.toBuilder().setOptions(options.get()).build());
  }

  @Override
  public List<Said> heard() {
    return List.of();
  }
}
