package io.rdmagid.deviceplugin.nri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.rdmagid.deviceplugin.workload.Adjustment;
import io.rdmagid.deviceplugin.workload.ContainerSpec;
import io.rdmagid.deviceplugin.workload.Obstacle;
import io.rdmagid.deviceplugin.workload.Sandbox;
import io.rdmagid.proto.nri.ConfigureRequest;
import io.rdmagid.proto.nri.ConfigureResponse;
import io.rdmagid.proto.nri.Container;
import io.rdmagid.proto.nri.ContainerAdjustment;
import io.rdmagid.proto.nri.CreateContainerRequest;
import io.rdmagid.proto.nri.CreateContainerResponse;
import io.rdmagid.proto.nri.Event;
import io.rdmagid.proto.nri.KeyValue;
import io.rdmagid.proto.nri.LinuxNamespace;
import io.rdmagid.proto.nri.LinuxPodSandbox;
import io.rdmagid.proto.nri.Mount;
import io.rdmagid.proto.nri.POSIXRlimit;
import io.rdmagid.proto.nri.PodSandbox;
import io.rdmagid.proto.nri.StateChangeEvent;
import io.rdmagid.proto.nri.StopContainerRequest;
import io.rdmagid.proto.nri.SynchronizeRequest;
import io.rdmagid.proto.ttrpc.Request;
import io.rdmagid.proto.ttrpc.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PluginServiceTest {
  private static final PodSandbox POD =
      PodSandbox.newBuilder()
          .setId("s1")
          .setUid("uid-1")
          .setNamespace("training")
          .setName("worker-0")
          .setRuntimeHandler("runc")
          .setLinux(
              LinuxPodSandbox.newBuilder()
                  .addNamespaces(namespace("pid", "/proc/1/ns/pid"))
                  .addNamespaces(namespace("network", "/var/run/netns/cni-1")))
          .build();
  private static final Container CONTAINER =
      Container.newBuilder()
          .setId("c1")
          .setPodSandboxId("s1")
          .setName("main")
          .addEnv("A=1")
          .addEnv("A=2")
          .addMounts(Mount.newBuilder().setSource("/var/lib/a").setDestination("/a"))
          .addMounts(Mount.newBuilder().setSource("tmpfs").setType("tmpfs"))
          .build();
  private static final SynchronizeRequest NOTHING = SynchronizeRequest.getDefaultInstance();

  private static final CreateContainerRequest CREATE =
      CreateContainerRequest.newBuilder().setPod(POD).setContainer(CONTAINER).build();

  private final FakeListener listener = new FakeListener();
  private final PluginService service = new PluginService(listener);

  private static PodSandbox pod(String id, Path networkNamespace) {
    return POD.toBuilder()
        .setId(id)
        .setLinux(
            LinuxPodSandbox.newBuilder()
                .addNamespaces(namespace("network", networkNamespace.toString())))
        .build();
  }

  private static LinuxNamespace namespace(String type, String path) {
    return LinuxNamespace.newBuilder().setType(type).setPath(path).build();
  }

  private Response call(String method, MessageLite payload)
      throws IOException, InterruptedException {
    Request request = Wire.request(method, payload);
    return service.answer(PluginMethod.of(request), request, Duration.ZERO);
  }

  private Response create() throws IOException, InterruptedException {
    return call("CreateContainer", CREATE);
  }

  private Response event(Event event, PodSandbox pod) throws IOException, InterruptedException {
    return call(
        "StateChange",
        StateChangeEvent.newBuilder().setEvent(event).setPod(pod).setContainer(CONTAINER).build());
  }

  @Test
  void subscribesToWhatItHandles() throws IOException, InterruptedException {
    Response response =
        call("Configure", ConfigureRequest.newBuilder().setRequestTimeout(2000).build());

    assertThat(response.hasStatus()).isFalse();
    assertThat(ConfigureResponse.parseFrom(response.getPayload()).getEvents()).isEqualTo(0x60f);
  }

  @ParameterizedTest
  @CsvSource({"2000, 500", "1000, 250", "100, 25", "10000, 500", "0, 500", "-1, 500"})
  void waitsForAQuarterOfTheRuntimesTimeout(long timeout, long limit)
      throws IOException, InterruptedException {
    call("Configure", ConfigureRequest.newBuilder().setRequestTimeout(timeout).build());
    call("Synchronize", NOTHING);
    create();

    assertThat(listener.calls).containsExactly("synchronize 0 0", "create s1 c1");
    assertThat(listener.limits).containsExactly(Duration.ofMillis(limit));
  }

  @Test
  void theTimeThatACallHasWaitedCounts() throws IOException, InterruptedException {
    call("Configure", ConfigureRequest.newBuilder().setRequestTimeout(2000).build());
    call("Synchronize", NOTHING);
    Request request = Wire.request("CreateContainer", CREATE);

    service.answer(PluginMethod.of(request), request, Duration.ofMillis(480));
    service.answer(PluginMethod.of(request), request, Duration.ofMillis(700));

    assertThat(listener.limits).containsExactly(Duration.ofMillis(20), Duration.ofMillis(-200));
  }

  @Test
  void mapsPodAndContainer() throws IOException, InterruptedException {
    call(
        "Synchronize",
        SynchronizeRequest.newBuilder().addPods(POD).addContainers(CONTAINER).build());

    assertThat(listener.sandboxes)
        .containsExactly(
            new Sandbox(
                "s1",
                "uid-1",
                "training",
                "worker-0",
                Optional.of(Path.of("/var/run/netns/cni-1")),
                "runc"));
    assertThat(listener.containers)
        .containsExactly(
            new ContainerSpec(
                "c1",
                "s1",
                "main",
                List.of(Path.of("/var/lib/a"), Path.of("tmpfs")),
                List.of("A=1", "A=2")));
  }

  @Test
  void aHostNetworkPodHasNoNamespaceAndOneBeingRemovedNeither()
      throws IOException, InterruptedException {
    PodSandbox host =
        POD.toBuilder()
            .setLinux(LinuxPodSandbox.newBuilder().addNamespaces(namespace("ipc", "/x")))
            .build();
    PodSandbox removed =
        POD.toBuilder()
            .setLinux(LinuxPodSandbox.newBuilder().addNamespaces(namespace("network", "")))
            .build();
    call("Synchronize", SynchronizeRequest.newBuilder().addPods(host).addPods(removed).build());

    assertThat(listener.sandboxes)
        .extracting(Sandbox::networkNamespace)
        .containsOnly(Optional.empty());
  }

  @Test
  void aNamespaceThatIsNoPathIsNotTakenForTheHosts() {
    PodSandbox bad =
        POD.toBuilder()
            .setLinux(LinuxPodSandbox.newBuilder().addNamespaces(namespace("network", "/a\0b")))
            .build();

    assertThatExceptionOfType(NriProtocolException.class)
        .isThrownBy(
            () -> call("Synchronize", SynchronizeRequest.newBuilder().addPods(bad).build()));
  }

  @Test
  void aMountThatIsNoPathIsLeftOut() throws IOException, InterruptedException {
    Container bad =
        CONTAINER.toBuilder().addMounts(0, Mount.newBuilder().setSource("/a\0b")).build();
    call("Synchronize", SynchronizeRequest.newBuilder().addContainers(bad).build());

    assertThat(listener.containers.getFirst().mountSources())
        .containsExactly(Path.of("/var/lib/a"), Path.of("tmpfs"));
  }

  @Test
  void stoppedContainersAreNotToldOf() throws IOException, InterruptedException {
    call(
        "Synchronize",
        SynchronizeRequest.newBuilder()
            .addContainers(CONTAINER.toBuilder().setState(4))
            .addContainers(CONTAINER.toBuilder().setState(3).setId("running"))
            .addContainers(CONTAINER.toBuilder().setState(1).setId("created"))
            .build());

    assertThat(listener.containers)
        .extracting(ContainerSpec::id)
        .containsExactly("running", "created");
  }

  /** As containerd shows a pod that completed while the agent was away. */
  @Test
  void aSandboxWhoseNamespaceIsGoneHasEnded(@TempDir Path namespaces)
      throws IOException, InterruptedException {
    Files.createFile(namespaces.resolve("there"));
    call(
        "Synchronize",
        SynchronizeRequest.newBuilder()
            .addPods(pod("alive", namespaces.resolve("there")))
            .addPods(pod("ended", namespaces.resolve("gone")))
            .addPods(pod("with a process", namespaces.resolve("gone")).toBuilder().setPid(7))
            .addPods(pod("with a container", namespaces.resolve("gone")))
            .addPods(pod("elsewhere", namespaces.resolve("unseen/gone")))
            .setMore(true)
            .build());
    call(
        "Synchronize",
        SynchronizeRequest.newBuilder()
            .addContainers(CONTAINER.toBuilder().setPodSandboxId("with a container"))
            .build());

    assertThat(listener.sandboxes)
        .extracting(Sandbox::id)
        .containsExactly("alive", "with a process", "with a container", "elsewhere");
  }

  /**
   * Of CRI-O's a sandbox need not have a process; of containerd's one without a pause has no spec.
   */
  @ParameterizedTest
  @CsvSource({"containerd, true", "cri-o, false"})
  void aSandboxOnTheHostsNetworkWithoutAProcessHasEnded(String runtime, boolean ends)
      throws IOException, InterruptedException {
    PodSandbox host =
        POD.toBuilder()
            .setLinux(LinuxPodSandbox.newBuilder().addNamespaces(namespace("ipc", "/x")))
            .build();
    call("Configure", ConfigureRequest.newBuilder().setRuntimeName(runtime).build());
    call(
        "Synchronize",
        SynchronizeRequest.newBuilder()
            .addPods(host)
            .addPods(host.toBuilder().setId("running").setPid(7))
            .addPods(POD.toBuilder().setId("without a specification").clearLinux())
            .build());

    assertThat(listener.sandboxes)
        .extracting(Sandbox::id)
        .containsExactlyElementsOf(
            ends
                ? List.of("running", "without a specification")
                : List.of("s1", "running", "without a specification"));
  }

  @Test
  void aContainerThatIsNoneOfOursGetsNothing() throws IOException, InterruptedException {
    call("Synchronize", NOTHING);

    assertThat(create()).isEqualTo(Response.getDefaultInstance());
  }

  @Test
  void addsVariablesAndALimit() throws IOException, InterruptedException {
    call("Synchronize", NOTHING);
    listener.choice =
        (_, _, _) ->
            new Adjustment.Add(Map.of("B", "2", "A", "1", "C", ""), OptionalLong.of(1L << 30));

    Response response = create();

    assertThat(response.hasStatus()).isFalse();
    assertThat(CreateContainerResponse.parseFrom(response.getPayload()).getAdjust())
        .isEqualTo(
            ContainerAdjustment.newBuilder()
                .addEnv(KeyValue.newBuilder().setKey("A").setValue("1"))
                .addEnv(KeyValue.newBuilder().setKey("B").setValue("2"))
                .addEnv(KeyValue.newBuilder().setKey("C"))
                .addRlimits(
                    POSIXRlimit.newBuilder()
                        .setType("RLIMIT_MEMLOCK")
                        .setHard(1L << 30)
                        .setSoft(1L << 30))
                .build());
  }

  @Test
  void leavesTheLimitAlone() throws IOException, InterruptedException {
    call("Synchronize", NOTHING);
    listener.choice = (_, _, _) -> new Adjustment.Add(Map.of("A", "1"), OptionalLong.empty());

    assertThat(
            CreateContainerResponse.parseFrom(create().getPayload()).getAdjust().getRlimitsList())
        .isEmpty();
  }

  @Test
  void refuses() throws IOException, InterruptedException {
    call("Synchronize", NOTHING);
    listener.choice =
        (_, _, _) -> new Adjustment.Refuse(Obstacle.NO_ENTRY, "no GID of rule RoCEv2 on mlx5_0/1");

    Response response = create();

    assertThat(response.getStatus().getCode()).isEqualTo(9);
    assertThat(response.getStatus().getMessage()).isEqualTo("no GID of rule RoCEv2 on mlx5_0/1");
    assertThat(response.getPayload().isEmpty()).isTrue();
  }

  @Test
  void aListenerThatThrowsDoesNotStopTheNodesPods() throws IOException, InterruptedException {
    call("Synchronize", NOTHING);
    listener.onEvent =
        () -> {
          throw new IllegalStateException("staged");
        };
    listener.choice =
        (_, _, _) -> {
          throw new IllegalStateException("staged");
        };

    assertThat(create()).isEqualTo(Response.getDefaultInstance());
    assertThat(event(Event.RUN_POD_SANDBOX, POD)).isEqualTo(Response.getDefaultInstance());
    assertThat(stop()).isEqualTo(Response.getDefaultInstance());
  }

  @Test
  void tellsOfEvents() throws IOException, InterruptedException {
    call("Synchronize", NOTHING);
    for (Event event :
        List.of(
            Event.RUN_POD_SANDBOX,
            Event.STOP_POD_SANDBOX,
            Event.REMOVE_POD_SANDBOX,
            Event.REMOVE_CONTAINER)) {
      assertThat(event(event, POD)).isEqualTo(Response.getDefaultInstance());
    }

    assertThat(listener.calls)
        .containsExactly(
            "synchronize 0 0", "started s1", "stopped s1", "removed s1", "container removed s1 c1");
  }

  @Test
  void tellsOfAContainersEnd() throws IOException, InterruptedException {
    call("Synchronize", NOTHING);
    assertThat(stop()).isEqualTo(Response.getDefaultInstance());
    assertThat(listener.calls).containsExactly("synchronize 0 0", "container stopped s1 c1");
  }

  private Response stop() throws IOException, InterruptedException {
    return call(
        "StopContainer",
        StopContainerRequest.newBuilder().setPod(POD).setContainer(CONTAINER).build());
  }

  @ParameterizedTest
  @EnumSource(
      value = Event.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {
        "RUN_POD_SANDBOX",
        "STOP_POD_SANDBOX",
        "REMOVE_POD_SANDBOX",
        "REMOVE_CONTAINER",
        "UNRECOGNIZED"
      })
  void anEventThatNobodyAskedForIsTakenInSilence(Event event)
      throws IOException, InterruptedException {
    call("Synchronize", NOTHING);

    assertThat(event(event, POD)).isEqualTo(Response.getDefaultInstance());
    assertThat(call("StateChange", StateChangeEvent.newBuilder().setEventValue(77).build()))
        .isEqualTo(Response.getDefaultInstance());
    assertThat(listener.calls).containsExactly("synchronize 0 0");
  }

  @Test
  void nothingMayComeBeforeSynchronize() {
    assertThatExceptionOfType(NriProtocolException.class).isThrownBy(this::create);
    assertThatExceptionOfType(NriProtocolException.class)
        .isThrownBy(() -> event(Event.RUN_POD_SANDBOX, POD));
    assertThatExceptionOfType(NriProtocolException.class).isThrownBy(this::stop);
    assertThat(listener.calls).isEmpty();
  }

  @Test
  void shutdownIsTaken() throws IOException, InterruptedException {
    assertThat(call("Shutdown", NOTHING)).isEqualTo(Response.getDefaultInstance());
  }

  @Test
  void aMethodOfAnotherRuntimeIsUnimplemented() throws IOException, InterruptedException {
    assertThat(call("UpdatePodSandbox", NOTHING).getStatus().getCode()).isEqualTo(12);

    Request other = Request.newBuilder().setService("other").setMethod("Configure").build();
    assertThat(service.answer(PluginMethod.of(other), other, Duration.ZERO).getStatus().getCode())
        .isEqualTo(12);
  }

  @Test
  void aPayloadThatIsNoMessageEndsTheConnection() {
    Request request =
        Wire.request("Configure", NOTHING).toBuilder()
            .setPayload(ByteString.copyFrom(new byte[] {(byte) 0xff}))
            .build();

    assertThatExceptionOfType(NriProtocolException.class)
        .isThrownBy(() -> service.answer(PluginMethod.of(request), request, Duration.ZERO))
        .withMessage("Configure is no such message");
  }
}
