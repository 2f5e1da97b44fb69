package io.rdmagid.deviceplugin.kubelet;

import io.grpc.BindableService;
import io.grpc.stub.StreamObserver;
import io.rdmagid.proto.pluginregistration.InfoRequest;
import io.rdmagid.proto.pluginregistration.PluginInfo;
import io.rdmagid.proto.pluginregistration.RegistrationGrpc.RegistrationImplBase;
import io.rdmagid.proto.pluginregistration.RegistrationStatus;
import io.rdmagid.proto.pluginregistration.RegistrationStatusResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A plugin whose socket the kubelet's plugin watcher finds. The kubelet asks what it is, listens,
 * and then says what became of it (pkg/kubelet/pluginmanager, operation_generator.go). What failed
 * it tries again by itself; what it registered it leaves alone, whatever becomes of the stream,
 * until the socket is made anew: it compares what it saw made with what it registered
 * (reconciler.go, plugin_watcher.go).
 */
final class WatchedSocket extends RegistrationImplBase implements RegistrationWay {
  private static final Logger LOG = LoggerFactory.getLogger(WatchedSocket.class);
  private static final String TYPE = "DevicePlugin";

  private final String resourceName;
  private final Runnable wake;
  private final Queue<Said> said = new ConcurrentLinkedQueue<>();

  /**
   * Waits for the kubelet.
   *
   * @param wake called when the kubelet said something
   */
  WatchedSocket(String resourceName, Runnable wake) {
    this.resourceName = resourceName;
    this.wake = wake;
  }

  @Override
  public List<BindableService> services() {
    return List.of(this);
  }

  @Override
  public boolean needsNewSocket() {
    return true;
  }

  @Override
  public Said introduce() {
    return new Said.Comes("the kubelet has not come to the socket yet");
  }

  @Override
  public List<Said> heard() {
    List<Said> taken = new ArrayList<>();
    for (Said next = said.poll(); next != null; next = said.poll()) {
      taken.add(next);
    }
    return taken;
  }

  @Override
  public void forget() {
    said.clear();
  }

  /** Without an endpoint the kubelet takes the socket where it asks. */
  @Override
  public void getInfo(InfoRequest request, StreamObserver<PluginInfo> out) {
    hear(new Said.Comes("the kubelet came, and has not said yet what it makes of the plugin"));
    out.onNext(
        PluginInfo.newBuilder()
            .setType(TYPE)
            .setName(resourceName)
            .addSupportedVersions(PoolService.API_VERSION)
            .build());
    out.onCompleted();
  }

  @Override
  public void notifyRegistrationStatus(
      RegistrationStatus status, StreamObserver<RegistrationStatusResponse> out) {
    if (status.getPluginRegistered()) {
      hear(new Said.Accepted());
    } else {
      LOG.atWarn()
          .addKeyValue("resource", resourceName)
          .addKeyValue("reason", status.getError())
          .log("The kubelet refused a registration");
      hear(new Said.Comes("the kubelet refused: " + status.getError()));
    }
    out.onNext(RegistrationStatusResponse.getDefaultInstance());
    out.onCompleted();
  }

  private void hear(Said what) {
    said.add(what);
    wake.run();
  }
}
