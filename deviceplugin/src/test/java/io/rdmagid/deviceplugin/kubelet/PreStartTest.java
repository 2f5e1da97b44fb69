package io.rdmagid.deviceplugin.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.StatusRuntimeException;
import io.rdmagid.deviceplugin.kubelet.FakeKubelet.Endpoint;
import io.rdmagid.deviceplugin.kubelet.FakeKubelet.Registration;
import io.rdmagid.proto.deviceplugin.PreStartContainerRequest;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whether the kubelet asks before each start, and what it is answered. */
class PreStartTest extends OnKubeletEdge {
  private FakeKubelet kubelet;

  PreStartTest() {
    super(KubeletRegistration.DEVICE_PLUGINS);
  }

  @BeforeEach
  void start() throws IOException {
    kubelet = new FakeKubelet(devicePlugins);
    kubelet.start();
    startEdge();
  }

  @AfterEach
  void end() throws InterruptedException {
    edge.close();
    kubelet.end();
  }

  @Test
  void askingBeforeStartsIsRegisteredAnewAndNotAskingAgainToo()
      throws IOException, InterruptedException {
    edge.offered(List.of(Offers.pool("rail", "a"), Offers.pool("spine", "s")));
    Endpoint rail = kubelet.nextEndpoint();
    Endpoint spine = kubelet.nextEndpoint();
    awaitRegistered("rail", "spine");

    edge.preStart(true);
    assertThat(rail.end().isOk()).isFalse(); // before the next begins
    assertThat(spine.end().isOk()).isFalse();
    List<Registration> asking = List.of(kubelet.nextRegistration(), kubelet.nextRegistration());
    awaitRegistered("rail", "spine");
    edge.preStart(false);
    List<Registration> former = List.of(kubelet.nextRegistration(), kubelet.nextRegistration());
    awaitRegistered("rail", "spine");

    assertThat(asking)
        .allSatisfy(registration -> {
          assertThat(registration.request().getOptions().getPreStartRequired()).isTrue();
          assertThat(registration.toldOptions()).isEqualTo(registration.request().getOptions());
        });
    assertThat(former)
        .allSatisfy(
            registration -> assertThat(registration.toldOptions().getPreStartRequired()).isFalse());
    assertThat(notices).isEmpty();
  }

  @Test
  void whatIsSaidAgainChangesNothing() throws IOException, InterruptedException {
    edge.preStart(true);
    edge.offered(List.of(Offers.pool("rail", "a")));
    assertThat(kubelet.nextRegistration().toldOptions().getPreStartRequired()).isTrue();
    awaitRegistered("rail");

    edge.preStart(true);
    edge.offered(List.of(Offers.pool("rail", "a"), Offers.pool("spine", "s")));

    assertThat(kubelet.nextRegistration().request().getResourceName())
        .isEqualTo("rdmagid.io/spine");
    assertThat(kubelet.waitingRegistrations()).isZero();
  }

  @Test
  void aRefusedStartReachesTheKubelet() throws IOException, InterruptedException {
    edge.preStart(true);
    edge.offered(List.of(Offers.pool("rail", "a")));
    Endpoint endpoint = kubelet.nextEndpoint();
    PreStartContainerRequest request =
        PreStartContainerRequest.newBuilder().addDevicesIds("a").build();

    StatusRuntimeException refused =
        catchThrowableOfType(
            StatusRuntimeException.class, () -> endpoint.calls().preStartContainer(request));

    assertThat(refused.getStatus().getDescription()).isEqualTo("rdmagid.io/rail starts nothing");
  }
}
