package io.rdmagid.deviceplugin.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rdmagid.deviceplugin.kubelet.FakeKubelet.Endpoint;
import io.rdmagid.deviceplugin.kubelet.FakeKubelet.Registration;
import io.rdmagid.deviceplugin.workload.NodeNotice;
import io.rdmagid.proto.deviceplugin.AllocateRequest;
import io.rdmagid.proto.deviceplugin.ContainerAllocateRequest;
import io.rdmagid.proto.deviceplugin.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KubeletEdgeTest extends OnKubeletEdge {
  private FakeKubelet kubelet;

  KubeletEdgeTest() {
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

  private String nextNotice() throws InterruptedException {
    NodeNotice notice = notices.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
    assertThat(notice).as("a notice").isNotNull();
    return notice.reason() + " " + notice.note();
  }

  private List<String> sockets() throws IOException {
    return files(devicePlugins);
  }

  private double registeredGauge(String pool) {
    return registry.get("rdmagid.kubelet.registered").tag("pool", pool).gauge().value();
  }

  @Test
  void aPoolIsRegisteredAndListed() throws IOException, InterruptedException {
    edge.offered(
        List.of(
            Offers.pool("rail", List.of(Offers.device("a", "mlx5_0", 1), Offers.unhealthy("b")))));

    Registration registration = kubelet.nextRegistration();
    awaitRegistered("rail");

    assertThat(registration.request().getVersion()).isEqualTo("v1beta1");
    assertThat(registration.request().getResourceName()).isEqualTo("rdmagid.io/rail");
    assertThat(registration.request().getEndpoint()).isEqualTo(RAIL_SOCKET);
    assertThat(registration.request().getOptions().getGetPreferredAllocationAvailable()).isTrue();
    assertThat(registration.request().getOptions().getPreStartRequired()).isFalse();
    assertThat(registration.toldOptions()).isEqualTo(registration.request().getOptions());
    assertThat(edge.states())
        .containsExactly(new PoolState("rail", "rdmagid.io/rail", Optional.empty()));
    assertThat(registeredGauge("rail")).isOne();
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(devicePlugins.resolve(RAIL_SOCKET))))
        .isEqualTo("rw-------");
  }

  @Test
  void theListTellsHealthAndNumaNode() throws IOException, InterruptedException {
    edge.offered(
        List.of(
            Offers.pool(
                "rail",
                List.of(
                    Offers.device("a", "mlx5_0", 1),
                    Offers.device("z", "mlx5_1", 0),
                    Offers.unhealthy("b")))));

    List<Device> devices = kubelet.nextEndpoint().nextList();

    assertThat(ids(devices)).containsExactly("a", "z", "b");
    assertThat(devices)
        .extracting(Device::getHealth)
        .containsExactly("Healthy", "Healthy", "Unhealthy");
    assertThat(devices.get(0).getTopology().getNodes(0).getID()).isEqualTo(1);
    assertThat(devices.get(1).getTopology().getNodes(0).getID()).isZero();
    assertThat(devices.get(2).hasTopology()).isFalse();
  }

  @Test
  void onlyChangesAreSentAgain() throws IOException, InterruptedException {
    edge.offered(List.of(Offers.pool("rail", "a")));
    Endpoint endpoint = kubelet.nextEndpoint();
    assertThat(ids(endpoint.nextList())).containsExactly("a");
    skip(Duration.ofSeconds(2));

    edge.offered(List.of(Offers.pool("rail", "a")));
    edge.offered(List.of(Offers.pool("rail", "a"), Offers.pool("spine", "s")));
    assertThat(kubelet.nextRegistration().request().getResourceName())
        .isEqualTo("rdmagid.io/spine");
    edge.offered(List.of(Offers.pool("rail", "a", "b"), Offers.pool("spine", "s")));

    assertThat(ids(endpoint.nextList())).containsExactly("a", "b");
  }

  @Test
  void manyChangesAreSentAsTheNewest() throws IOException, InterruptedException {
    edge.offered(List.of(Offers.pool("rail", "a")));
    Endpoint endpoint = kubelet.nextEndpoint();
    endpoint.nextList();
    long begin = System.nanoTime();

    for (int i = 0; i < 1_000; i++) {
      edge.offered(List.of(Offers.pool("rail", "a", "b" + i)));
      Thread.onSpinWait();
    }
    int lists = 0;
    List<String> newest = List.of();
    while (!newest.contains("b999")) {
      newest = ids(endpoint.nextList());
      lists++;
    }

    assertThat(lists).isLessThanOrEqualTo(1 + (int) ((System.nanoTime() - begin) / 1_000_000_000L));
  }

  @Test
  void whoeverStopsListeningIsRegisteredWithAgain() throws IOException, InterruptedException {
    edge.offered(List.of(Offers.pool("rail", "a")));
    Endpoint first = kubelet.nextEndpoint();
    first.nextList();
    awaitRegistered("rail");

    first.cut();
    Endpoint second = kubelet.nextEndpoint();

    assertThat(ids(second.nextList())).containsExactly("a");
    awaitRegistered("rail");
    assertThat(kubelet.waitingRegistrations()).isZero();
  }

  @Test
  void aKubeletThatStartsAgainFindsUsThere() throws IOException, InterruptedException {
    edge.offered(List.of(Offers.pool("rail", "a"), Offers.pool("spine", "s")));
    kubelet.nextEndpoint().nextList();
    kubelet.nextEndpoint().nextList();

    kubelet.stop();
    awaitRegistered();
    assertThat(registeredGauge("rail")).isZero();
    kubelet.start();

    assertThat(kubelet.nextEndpoint().nextList()).hasSize(1);
    assertThat(kubelet.nextEndpoint().nextList()).hasSize(1);
    awaitRegistered("rail", "spine");
    assertThat(sockets())
        .containsExactlyInAnyOrder(RAIL_SOCKET, "rdmagid-spine-4711.sock", "kubelet.sock");
  }

  @Test
  void aKubeletThatStartsAgainIsNotKeptWaiting() throws IOException, InterruptedException {
    long now = System.nanoTime();
    time = () -> now; // no pause ends
    kubelet.refuseNext(Status.UNKNOWN);
    edge.offered(List.of(Offers.pool("rail", "a")));
    kubelet.nextRegistration();

    kubelet.stop();
    kubelet.start();

    assertThat(ids(kubelet.nextEndpoint().nextList())).containsExactly("a");
  }

  @Test
  void aSocketThatIsRemovedIsMadeAgain() throws IOException, InterruptedException {
    edge.offered(List.of(Offers.pool("rail", "a")));
    Endpoint first = kubelet.nextEndpoint();
    first.nextList();
    awaitRegistered("rail");

    Files.delete(devicePlugins.resolve(RAIL_SOCKET));

    assertThat(first.end().isOk()).isFalse();
    assertThat(ids(kubelet.nextEndpoint().nextList())).containsExactly("a");
    awaitRegistered("rail");
    assertThat(kubelet.waitingRegistrations()).isZero();
  }

  @Test
  void aPoolThatIsGoneIsEndedAndTheOthersStay() throws IOException, InterruptedException {
    edge.offered(List.of(Offers.pool("rail", "a")));
    Endpoint rail = kubelet.nextEndpoint();
    edge.offered(List.of(Offers.pool("rail", "a"), Offers.pool("spine", "s")));
    Endpoint spine = kubelet.nextEndpoint();
    awaitRegistered("rail", "spine");

    edge.offered(List.of(Offers.pool("spine", "s")));

    assertThat(rail.end().isOk()).isFalse();
    awaitRegistered("spine");
    assertThat(sockets()).containsExactlyInAnyOrder("rdmagid-spine-4711.sock", "kubelet.sock");
    assertThat(registry.find("rdmagid.kubelet.registered").tag("pool", "rail").gauge()).isNull();
    assertThat(spine.ends).isEmpty();
  }

  @Test
  void anotherResourceNameIsAnotherPlugin() throws IOException, InterruptedException {
    edge.offered(List.of(Offers.pool("rail", "a")));
    Endpoint former = kubelet.nextEndpoint();

    edge.offered(
        List.of(
            new io.rdmagid.deviceplugin.workload.PoolOffer(
                "rail", "rdmagid.io/other", Offers.pool("rail", "a").devices())));

    assertThat(kubelet.nextRegistration().request().getResourceName())
        .isEqualTo("rdmagid.io/other");
    assertThat(former.end().isOk()).isFalse();
    assertThat(sockets()).containsExactlyInAnyOrder("rdmagid-other-4711.sock", "kubelet.sock");
  }

  @Test
  void aKubeletThatIsSlowWithOnePoolKeepsNoOtherBack() throws IOException, InterruptedException {
    kubelet.hangOn("rdmagid.io/rail");
    edge.offered(List.of(Offers.pool("rail", "a"), Offers.pool("spine", "s")));
    FakeKubelet.Hung rail = kubelet.nextHung();
    Endpoint spine = kubelet.nextEndpoint();
    assertThat(ids(spine.nextList())).containsExactly("s");
    awaitRegistered("spine");
    skip(Duration.ofSeconds(2)); // a list a second
    edge.offered(List.of(Offers.pool("rail", "a"), Offers.pool("spine", "s", "t")));
    assertThat(ids(spine.nextList())).containsExactly("s", "t");
    assertThat(rail.isGivenUp()).as("still waited for").isFalse();

    rail.goOn();
    awaitRegistered("rail", "spine");
    assertThat(ids(kubelet.nextEndpoint().nextList())).containsExactly("a");
  }

  @Test
  void aRefusedRegistrationIsTriedAgain() throws IOException, InterruptedException {
    kubelet.refuseNext(Status.UNKNOWN.withDescription("not now"));
    edge.offered(List.of(Offers.pool("rail", "a")));

    kubelet.nextRegistration();
    assertThat(ids(kubelet.nextEndpoint().nextList())).containsExactly("a");
  }

  @Test
  void aKubeletThatAcceptsAndDoesNotListenIsAskedAgain() throws IOException, InterruptedException {
    kubelet.ignoreNext();
    edge.offered(List.of(Offers.pool("rail", "a")));
    kubelet.nextRegistration();

    await()
        .atMost(LIMIT)
        .until(() -> {
          skip(Duration.ofSeconds(10));
          edge.offered(List.of(Offers.pool("rail", "a")));
          return kubelet.waitingRegistrations() > 0;
        });

    assertThat(ids(kubelet.nextEndpoint().nextList())).containsExactly("a");
  }

  @Test
  void aFolderThatComesLateIsUsed() throws IOException, InterruptedException {
    edge.close();
    kubelet.stop();
    Files.delete(devicePlugins);
    startEdge();
    edge.offered(List.of(Offers.pool("rail", "a")));
    awaitRegistered();

    kubelet.start();

    assertThat(ids(kubelet.nextEndpoint().nextList())).containsExactly("a");
  }

  @Test
  void socketsOfFormerProcessesAreRemoved() throws IOException, InterruptedException {
    edge.close();
    Files.createFile(devicePlugins.resolve("rdmagid-rail-12.sock"));
    Files.createFile(devicePlugins.resolve("nvidia-gpu.sock"));
    Files.createFile(devicePlugins.resolve("kubelet_internal_checkpoint"));

    startEdge();

    assertThat(sockets())
        .containsExactlyInAnyOrder(
            "nvidia-gpu.sock", "kubelet_internal_checkpoint", "kubelet.sock");
  }

  @Test
  void aRefusalReachesTheKubelet() throws IOException, InterruptedException {
    edge.offered(List.of(Offers.pool("rail", "a")));
    Endpoint endpoint = kubelet.nextEndpoint();
    AllocateRequest request =
        AllocateRequest.newBuilder()
            .addContainerRequests(ContainerAllocateRequest.newBuilder().addDevicesIds("a"))
            .build();

    StatusRuntimeException refused =
        catchThrowableOfType(
            StatusRuntimeException.class, () -> endpoint.calls().allocate(request));

    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(refused.getStatus().getDescription()).isEqualTo("rail is full");
  }

  @Test
  void aKubeletThatStaysAwayIsToldOfAndSoIsItsReturn() throws IOException, InterruptedException {
    edge.offered(List.of(Offers.pool("rail", "a"), Offers.pool("spine", "s")));
    kubelet.nextEndpoint().nextList();
    kubelet.nextEndpoint().nextList();
    awaitRegistered("rail", "spine");
    kubelet.stop();
    awaitRegistered();

    assertThat(edge.overdue()).isEmpty();
    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(edge.states())
                .allSatisfy(state ->
                    assertThat(state.absence().orElseThrow().reason()).contains("kubelet.sock")));
    skip(Duration.ofSeconds(31));
    edge.offered(List.of(Offers.pool("rail", "a"), Offers.pool("spine", "s")));

    assertThat(nextNotice()).startsWith("DevicePluginNotRegistered New pods get no device: ");
    assertThat(nextNotice()).contains("pool spine (rdmagid.io/spine)", "kubelet.sock");
    assertThat(edge.overdue())
        .hasValueSatisfying(
            text -> assertThat(text).contains("pool rail (rdmagid.io/rail) for 3", "pool spine"));

    kubelet.start();
    List<String> back = List.of(nextNotice(), nextNotice());

    assertThat(back).allSatisfy(text -> assertThat(text).startsWith("DevicePluginRegistered "));
    assertThat(edge.overdue()).isEmpty();
    assertThat(notices).isEmpty();
  }

  @Test
  void closeEndsEverything() throws IOException, InterruptedException {
    edge.offered(List.of(Offers.pool("rail", "a"), Offers.pool("spine", "s")));
    Endpoint first = kubelet.nextEndpoint();
    Endpoint second = kubelet.nextEndpoint();
    awaitRegistered("rail", "spine");

    edge.close();

    assertThat(edge.isAlive()).isFalse();
    assertThat(edge.states()).isEmpty();
    assertThat(first.end().isOk()).isFalse();
    assertThat(second.end().isOk()).isFalse();
    assertThat(sockets()).containsExactly("kubelet.sock");
    await()
        .atMost(LIMIT)
        .until(() ->
            Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .noneMatch(name -> name.startsWith("kubelet")));
    edge.close();
  }
}
