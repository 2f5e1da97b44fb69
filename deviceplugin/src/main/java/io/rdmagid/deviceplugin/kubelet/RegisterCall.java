package io.rdmagid.deviceplugin.kubelet;

import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.rdmagid.deviceplugin.transport.UnixTransport;
import io.rdmagid.proto.deviceplugin.DevicePluginOptions;
import io.rdmagid.proto.deviceplugin.Empty;
import io.rdmagid.proto.deviceplugin.RegisterRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A plugin that registers itself, by a call on the kubelet's own socket. Nobody waits for the
 * answer: a kubelet that is slow with one pool keeps no other pool's health back.
 */
final class RegisterCall implements RegistrationWay {
  private final PluginTransport transport;
  private final Path kubelet;
  private final Supplier<DevicePluginOptions> options;
  private final Runnable wake;
  private final RegisterRequest request;
  private @Nullable Asked asked;

  /** Why the kubelet has not taken the plugin, as far as that is known. */
  private String reason = "the kubelet was asked, and has not answered yet";

  /**
   * Calls nobody yet.
   *
   * @param kubelet the kubelet's socket
   * @param socket the plugin's, in the same folder
   * @param options as they are at each registration
   * @param wake called when the kubelet has answered
   */
  RegisterCall(
      PluginTransport transport,
      Path kubelet,
      Path socket,
      String resourceName,
      Supplier<DevicePluginOptions> options,
      Runnable wake) {
    this.transport = transport;
    this.kubelet = kubelet;
    this.options = options;
    this.wake = wake;
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
  public Said introduce() {
    forget();
    asked = new Asked(transport.dial(kubelet));
    return new Said.Comes(reason);
  }

  @Override
  public List<Said> heard() {
    Said answer = asked == null ? null : asked.answer;
    if (answer == null) {
      return List.of();
    }
    asked = null;
    if (answer instanceof Said.Refused(String why)) {
      reason = "the kubelet refused or is away: " + why;
    }
    return List.of(answer);
  }

  @Override
  public void forget() {
    if (asked != null) {
      asked.channel.shutdownNow();
      asked = null;
    }
  }

  /** One call. It is answered by any thread, once. */
  private final class Asked implements StreamObserver<Empty> {
    private final ManagedChannel channel;
    private volatile @Nullable Said answer;

    Asked(ManagedChannel channel) {
      this.channel = channel;
      PluginTransport.register(
          channel, request.toBuilder().setOptions(options.get()).build(), this);
    }

    @Override
    public void onNext(Empty value) {
      // What matters is that it ends well.
    }

    @Override
    public void onError(Throwable failure) {
      answered(
          new Said.Refused(
              failure instanceof Exception exception
                  ? UnixTransport.reason(exception)
                  : failure.toString()));
    }

    @Override
    public void onCompleted() {
      answered(new Said.Accepted());
    }

    private void answered(Said said) {
      answer = said;
      channel.shutdownNow();
      wake.run();
    }
  }
}
