package io.rdmagid.deviceplugin.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rdmagid.deviceplugin.workload.Allocator;
import io.rdmagid.deviceplugin.workload.Allocator.Outcome;
import io.rdmagid.deviceplugin.workload.ContainerStarts;
import io.rdmagid.proto.deviceplugin.AllocateRequest;
import io.rdmagid.proto.deviceplugin.AllocateResponse;
import io.rdmagid.proto.deviceplugin.CDIDevice;
import io.rdmagid.proto.deviceplugin.ContainerAllocateRequest;
import io.rdmagid.proto.deviceplugin.ContainerAllocateResponse;
import io.rdmagid.proto.deviceplugin.ContainerPreferredAllocationRequest;
import io.rdmagid.proto.deviceplugin.DevicePluginGrpc;
import io.rdmagid.proto.deviceplugin.DevicePluginGrpc.DevicePluginBlockingStub;
import io.rdmagid.proto.deviceplugin.DevicePluginOptions;
import io.rdmagid.proto.deviceplugin.Empty;
import io.rdmagid.proto.deviceplugin.Mount;
import io.rdmagid.proto.deviceplugin.PreStartContainerRequest;
import io.rdmagid.proto.deviceplugin.PreStartContainerResponse;
import io.rdmagid.proto.deviceplugin.PreferredAllocationRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The calls as a client sees them, over a socket. */
class PoolServiceTest {
  @TempDir private Path folder;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final List<String> allocated = new ArrayList<>();
  private final List<String> started = new ArrayList<>();
  private final PluginTransport transport = new PluginTransport();
  private FakeKubelet kubelet;
  private Allocator allocator;
  private ContainerStarts starts = (_, _) -> new ContainerStarts.Outcome.Ready();
  private PoolService service;
  private Server server;
  private ManagedChannel channel;
  private DevicePluginBlockingStub calls;

  @BeforeEach
  void start() throws IOException {
    kubelet = new FakeKubelet(folder);
    kubelet.start();
    allocator =
        (pool, ids) -> new Outcome.Granted(List.of("k=" + pool), Path.of("/h"), "/c", Map.of());
    service =
        new PoolService(
            Offers.pool("rail", "a", "b", "c"),
            (pool, ids) -> {
              allocated.add(pool + " " + String.join(" ", ids));
              return allocator.allocate(pool, ids);
            },
            (resource, ids) -> {
              started.add(resource + " " + String.join(" ", ids));
              return starts.starts(resource, ids);
            },
            new KubeletMetrics(registry),
            () -> {});
    server = transport.serve(folder.resolve("plugin.sock"), List.of(service));
    channel = kubelet.dial("plugin.sock");
    calls = DevicePluginGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  @AfterEach
  void end() throws IOException, InterruptedException {
    channel.shutdownNow();
    transport.end(server, folder.resolve("plugin.sock"));
    transport.close();
    kubelet.end();
  }

  private static AllocateRequest allocate(String... ids) {
    return AllocateRequest.newBuilder()
        .addContainerRequests(ContainerAllocateRequest.newBuilder().addAllDevicesIds(List.of(ids)))
        .build();
  }

  private static Status refusal(Runnable call) {
    return catchThrowableOfType(StatusRuntimeException.class, call::run).getStatus();
  }

  private double counted(String outcome) {
    return registry.get("rdmagid.kubelet.allocations").tag("outcome", outcome).counter().count();
  }

  @Test
  void anAllocationIsAnsweredWithDevicesMountAndVariables() {
    allocator =
        (pool, ids) ->
            new Outcome.Granted(
                List.of("rdmagid.io/rdma=mlx5_0", "rdmagid.io/rdma=mlx5_1"),
                Path.of("/var/lib/rdmagid/allocations/1"),
                "/run/rdmagid/rail",
                Map.of("NCCL_CONF_FILE", "/run/rdmagid/rail/nccl.conf"));

    AllocateResponse response = calls.allocate(allocate("c", "a"));

    assertThat(response.getContainerResponsesList())
        .containsExactly(
            ContainerAllocateResponse.newBuilder()
                .addCdiDevices(CDIDevice.newBuilder().setName("rdmagid.io/rdma=mlx5_0"))
                .addCdiDevices(CDIDevice.newBuilder().setName("rdmagid.io/rdma=mlx5_1"))
                .addMounts(
                    Mount.newBuilder()
                        .setHostPath("/var/lib/rdmagid/allocations/1")
                        .setContainerPath("/run/rdmagid/rail")
                        .setReadOnly(true))
                .putEnvs("NCCL_CONF_FILE", "/run/rdmagid/rail/nccl.conf")
                .build());
    assertThat(allocated).containsExactly("rail c a");
    assertThat(counted("granted")).isOne();
  }

  @Test
  void eachContainerOfARequestIsAnswered() {
    AllocateRequest request =
        allocate("a").toBuilder()
            .addContainerRequests(ContainerAllocateRequest.newBuilder().addDevicesIds("b"))
            .build();

    assertThat(calls.allocate(request).getContainerResponsesCount()).isEqualTo(2);
    assertThat(allocated).containsExactly("rail a", "rail b");
    assertThat(counted("granted")).isOne();
  }

  @Test
  void aRefusalCarriesItsReason() {
    allocator = (pool, ids) -> new Outcome.Refused("the pool has no rule yet: see its status");

    Status status = refusal(() -> calls.allocate(allocate("a")));

    assertThat(status.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(status.getDescription()).isEqualTo("the pool has no rule yet: see its status");
    assertThat(counted("refused")).isOne();
    assertThat(counted("granted")).isZero();
  }

  @Test
  void aBadAllocationDoesNotReachTheAllocator() {
    Status status = refusal(() -> calls.allocate(allocate("a", "a", "z")));

    assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(status.getDescription())
        .isEqualTo(
            "pool rail: container_requests[0].devices_ids: not in the pool: z; "
                + "container_requests[0].devices_ids: named twice: a");
    assertThat(allocated).isEmpty();
    assertThat(counted("invalid")).isOne();
  }

  @Test
  void anIdThatIsListedNoMoreIsRefused() {
    calls.allocate(allocate("a"));

    service.offer(Offers.pool("rail", "b"));

    assertThat(refusal(() -> calls.allocate(allocate("a"))).getCode())
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void aFailureThatNobodyForesawIsAnsweredToo() {
    allocator =
        (pool, ids) -> {
          throw new IllegalStateException("secret");
        };

    Status status = refusal(() -> calls.allocate(allocate("a")));

    assertThat(status.getCode()).isEqualTo(Status.Code.INTERNAL);
    assertThat(status.getDescription()).doesNotContain("secret").contains("log of its agent");
    assertThat(counted("failed")).isOne();
  }

  @Test
  void aPreferenceIsAnswered() {
    var container =
        ContainerPreferredAllocationRequest.newBuilder()
            .addAllAvailableDeviceIDs(List.of("c", "b", "a"))
            .addMustIncludeDeviceIDs("b")
            .setAllocationSize(2);

    var response =
        calls.getPreferredAllocation(
            PreferredAllocationRequest.newBuilder()
                .addContainerRequests(container)
                .addContainerRequests(container.clone().setAllocationSize(3))
                .build());

    assertThat(response.getContainerResponses(0).getDeviceIDsList()).containsExactly("b", "a");
    assertThat(response.getContainerResponses(1).getDeviceIDsList()).containsExactly("b", "a", "c");
  }

  @Test
  void aBadPreferenceIsRefused() {
    Status status =
        refusal(() -> {
          var _ =
              calls.getPreferredAllocation(
                  PreferredAllocationRequest.newBuilder()
                      .addContainerRequests(
                          ContainerPreferredAllocationRequest.newBuilder().setAllocationSize(1))
                      .build());
        });

    assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(status.getDescription()).contains("container_requests[0].allocation_size: 1");
  }

  @Test
  void optionsAreThoseOfNow() {
    DevicePluginOptions without =
        DevicePluginOptions.newBuilder().setGetPreferredAllocationAvailable(true).build();
    assertThat(calls.getDevicePluginOptions(Empty.getDefaultInstance())).isEqualTo(without);

    service.preStart(true);

    assertThat(calls.getDevicePluginOptions(Empty.getDefaultInstance()))
        .isEqualTo(without.toBuilder().setPreStartRequired(true).build());
  }

  private static PreStartContainerRequest starting(String... ids) {
    return PreStartContainerRequest.newBuilder().addAllDevicesIds(List.of(ids)).build();
  }

  private double countedStarts(String outcome) {
    return registry.get("rdmagid.kubelet.starts").tag("outcome", outcome).counter().count();
  }

  @Test
  void aStartIsAskedFor() {
    assertThat(calls.preStartContainer(starting("c", "a")))
        .isEqualTo(PreStartContainerResponse.getDefaultInstance());
    assertThat(started).containsExactly("rdmagid.io/rail c a");
    assertThat(countedStarts("ready")).isOne();
  }

  @Test
  void aRefusedStartCarriesItsReason() {
    starts = (_, _) -> new ContainerStarts.Outcome.Refused("no such pod");

    Status status =
        refusal(() -> {
          var _ = calls.preStartContainer(starting("a"));
        });

    assertThat(status.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(status.getDescription()).isEqualTo("no such pod");
    assertThat(countedStarts("refused")).isOne();
  }

  @Test
  void badStartsReachNobody() {
    for (PreStartContainerRequest bad :
        List.of(starting(), starting("z"), starting("a", "a"), starting("a", "b", "c", "d"))) {
      Status status =
          refusal(() -> {
            var _ = calls.preStartContainer(bad);
          });
      assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(status.getDescription()).startsWith("pool rail: devices_ids: ");
    }
    assertThat(started).isEmpty();
    assertThat(countedStarts("invalid")).isEqualTo(4);
  }

  @Test
  void aStartThatFailsTellsNoSecret() {
    starts =
        (_, _) -> {
          throw new IllegalStateException("secret");
        };

    Status status =
        refusal(() -> {
          var _ = calls.preStartContainer(starting("a"));
        });

    assertThat(status.getCode()).isEqualTo(Status.Code.INTERNAL);
    assertThat(status.getDescription()).doesNotContain("secret").contains("log of its agent");
    assertThat(countedStarts("failed")).isOne();
  }
}
