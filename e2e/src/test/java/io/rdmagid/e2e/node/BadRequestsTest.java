package io.rdmagid.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rdmagid.e2e.agent.AgentEndpoint;
import io.rdmagid.e2e.agent.AgentInstallation;
import io.rdmagid.e2e.testbed.BridgedSocket;
import io.rdmagid.e2e.workload.Rails;
import io.rdmagid.e2e.workload.RdmaPod;
import io.rdmagid.proto.deviceplugin.AllocateRequest;
import io.rdmagid.proto.deviceplugin.ContainerAllocateRequest;
import io.rdmagid.proto.deviceplugin.ContainerPreferredAllocationRequest;
import io.rdmagid.proto.deviceplugin.DevicePluginGrpc;
import io.rdmagid.proto.deviceplugin.Empty;
import io.rdmagid.proto.deviceplugin.PreStartContainerRequest;
import io.rdmagid.proto.deviceplugin.PreferredAllocationRequest;
import io.rdmagid.proto.gidtable.FindRequest;
import io.rdmagid.proto.gidtable.GidTableQueryGrpc;
import io.rdmagid.proto.gidtable.QueryEntryRequest;
import io.rdmagid.proto.gidtable.QueryTableRequest;
import io.rdmagid.proto.gidtable.WatchRequest;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Whatever a client sends to an agent's sockets: it is told what is wrong, and pods go on getting
 * what they ask for.
 */
class BadRequestsTest extends OnOfferedPools {
  private static final String QUERY = "/run/rdmagid-agent/query.sock";

  private final String before = restarts();

  @Test
  void thePluginOfAPoolRefusesWhatMakesNoSense() {
    try (BridgedSocket socket = nodeA.bridge(pluginOfRail());
        BadClient client = new BadClient(socket)) {
      var plugin =
          DevicePluginGrpc.newBlockingStub(client.channel())
              .withDeadlineAfter(BadClient.LIMIT_SECONDS, TimeUnit.SECONDS);
      refused(
          () -> plugin.allocate(AllocateRequest.getDefaultInstance()),
          "container_requests: no container asks for anything");
      refused(() -> plugin.allocate(allocate()), "container_requests[0].devices_ids: no device is");
      refused(
          () -> plugin.allocate(allocate("rxe0:1::0", "rxe0:1::0", "../..", "rxe7:1::0")),
          "not in the pool: ../.., rxe7:1::0; container_requests[0].devices_ids: named twice");
      refused(
          () ->
              plugin.allocate(
                  allocate(Collections.nCopies(100_000, "rxe0:1::0").toArray(String[]::new))),
          "named twice: rxe0:1::0");
      refused(
          () -> plugin.getPreferredAllocation(PreferredAllocationRequest.getDefaultInstance()),
          "container_requests: no container asks for anything");
      refused(
          () ->
              plugin.getPreferredAllocation(
                  PreferredAllocationRequest.newBuilder()
                      .addContainerRequests(
                          ContainerPreferredAllocationRequest.newBuilder()
                              .addAvailableDeviceIDs("rxe0:1::0")
                              .addMustIncludeDeviceIDs("none")
                              .setAllocationSize(-1))
                      .build()),
          "must_include_deviceIDs: not in available_deviceIDs: none");
      // Not asked for while the runtime tells of containers, and answered all the same.
      refused(
          () ->
              plugin.preStartContainer(
                  PreStartContainerRequest.newBuilder().addDevicesIds("none").build()),
          "devices_ids: not in the pool: none");
      assertThat(plugin.getDevicePluginOptions(Empty.getDefaultInstance()).getPreStartRequired())
          .isFalse();
      // A listener beside the kubelet, who leaves without a word.
      assertThat(plugin.listAndWatch(Empty.getDefaultInstance()).next().getDevicesCount())
          .isEqualTo(4);
      client.refusesWhatIsNoRequest(DevicePluginGrpc.getServiceDescriptor());
    }
    assertThatPodsGoOn("plugin");
  }

  @Test
  void theQueryServiceRefusesWhatMakesNoSense() {
    try (BridgedSocket socket = nodeA.bridge(QUERY);
        BadClient client = new BadClient(socket)) {
      var query =
          GidTableQueryGrpc.newBlockingStub(client.channel())
              .withDeadlineAfter(BadClient.LIMIT_SECONDS, TimeUnit.SECONDS);
      refused(
          () -> query.queryTable(QueryTableRequest.newBuilder().setPort(1).build()),
          "device: is missing");
      refused(
          () -> query.queryEntry(QueryEntryRequest.getDefaultInstance()),
          "device: is missing, name one such as mlx5_0; port: is missing");
      refused(
          () -> query.find(FindRequest.newBuilder().setAddress("10.10.0.1.1").setPort(9).build()),
          "address: is neither an IP address nor a GID");
      // A watcher who leaves without a word.
      assertThat(query.watch(WatchRequest.getDefaultInstance()).hasNext()).isTrue();
      client.refusesWhatIsNoRequest(GidTableQueryGrpc.getServiceDescriptor());
      assertThat(
              query.find(FindRequest.newBuilder().setAddress("10.10.0.1").build()).getEntriesList())
          .isNotEmpty();
    }
    assertThatPodsGoOn("query");
  }

  private static String restarts() {
    return AgentInstallation.pod(
        kubectl, nodeA, "{.items[0].status.containerStatuses[0].restartCount}");
  }

  private void assertThatPodsGoOn(String name) {
    InstalledAgents.await(
        () -> assertThat(new AgentEndpoint(nodeA).hasRegistered(Rails.POOL)).isTrue());
    assertThat(restarts()).as("of the agent").isEqualTo(before);
    RdmaPod pod =
        RdmaPod.create(kubectl, name, RdmaPod.Wish.of(nodeA, Rails.POOL).byScheduler())
            .awaitRunning();
    assertThat(pod.index(Rails.POOL)).isEqualTo(2);
  }

  private static void refused(Runnable call, String message) {
    StatusRuntimeException refusal = catchThrowableOfType(StatusRuntimeException.class, call::run);
    assertThat(refusal).as(message).isNotNull();
    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(refusal.getStatus().getDescription()).contains(message);
  }

  private static AllocateRequest allocate(String... ids) {
    return AllocateRequest.newBuilder()
        .addContainerRequests(ContainerAllocateRequest.newBuilder().addAllDevicesIds(List.of(ids)))
        .build();
  }

  private static String pluginOfRail() {
    return nodeA.sh("ls /var/lib/kubelet/device-plugins/rdmagid-rail-*.sock").strip();
  }
}
