package io.rdmagid.deviceplugin.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.proto.deviceplugin.AllocateRequest;
import io.rdmagid.proto.deviceplugin.ContainerAllocateRequest;
import io.rdmagid.proto.deviceplugin.ContainerPreferredAllocationRequest;
import io.rdmagid.proto.deviceplugin.PreStartContainerRequest;
import io.rdmagid.proto.deviceplugin.PreferredAllocationRequest;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RequestProblemsTest {
  private static final Set<String> KNOWN = Set.of("a", "b");

  private static AllocateRequest allocate(List<List<String>> containers) {
    AllocateRequest.Builder request = AllocateRequest.newBuilder();
    containers.forEach(ids ->
        request.addContainerRequests(ContainerAllocateRequest.newBuilder().addAllDevicesIds(ids)));
    return request.build();
  }

  private static String preferred(List<String> available, List<String> must, int size) {
    return RequestProblems.of(
        PreferredAllocationRequest.newBuilder()
            .addContainerRequests(
                ContainerPreferredAllocationRequest.newBuilder()
                    .addAllAvailableDeviceIDs(available)
                    .addAllMustIncludeDeviceIDs(must)
                    .setAllocationSize(size))
            .build());
  }

  @Test
  void whatThePoolListsCanBeAllocated() {
    assertThat(RequestProblems.of(allocate(List.of(List.of("b", "a"), List.of("a"))), KNOWN))
        .isEmpty();
  }

  @Test
  void allProblemsOfAnAllocateAreToldAtOnce() {
    assertThat(
            RequestProblems.of(
                allocate(List.of(List.of(), List.of("x", "a", "a", "c"), List.of("b"))), KNOWN))
        .isEqualTo(
            "container_requests[0].devices_ids: no device is asked for; "
                + "container_requests[1].devices_ids: not in the pool: c, x; "
                + "container_requests[1].devices_ids: named twice: a");
  }

  @Test
  void aRequestWithoutContainersIsAProblem() {
    String problem = "container_requests: no container asks for anything";

    assertThat(RequestProblems.of(AllocateRequest.getDefaultInstance(), KNOWN)).isEqualTo(problem);
    assertThat(RequestProblems.of(PreferredAllocationRequest.getDefaultInstance()))
        .isEqualTo(problem);
  }

  @Test
  void allProblemsOfAStartAtOnce() {
    assertThat(start(List.of("b", "a"))).isEmpty();
    assertThat(start(List.of())).isEqualTo("devices_ids: no device is asked for");
    assertThat(start(List.of("a", "z", "a")))
        .isEqualTo("devices_ids: not in the pool: z; devices_ids: named twice: a");
    assertThat(start(IntStream.range(0, 4_097).mapToObj(id -> "id-%04d".formatted(id)).toList()))
        .endsWith("id-0004 and 4092 more");
  }

  private static String start(List<String> ids) {
    return RequestProblems.of(
        PreStartContainerRequest.newBuilder().addAllDevicesIds(ids).build(), KNOWN);
  }

  @Test
  void manyIdsDoNotMakeALongText() {
    List<String> ids = IntStream.range(0, 4_096).mapToObj(id -> "id-%04d".formatted(id)).toList();

    assertThat(RequestProblems.of(allocate(List.of(ids)), KNOWN))
        .isEqualTo(
            "container_requests[0].devices_ids: not in the pool: "
                + "id-0000, id-0001, id-0002, id-0003, id-0004 and 4091 more");
    assertThat(RequestProblems.of(allocate(List.of(List.of("x".repeat(100_000)))), KNOWN))
        .hasSize(1_001)
        .endsWith("x…");
  }

  @Test
  void whatCanBePreferredIs() {
    assertThat(preferred(List.of("a", "unknown"), List.of("a"), 2)).isEmpty();
    assertThat(preferred(List.of("a"), List.of("a"), 1)).isEmpty();
    assertThat(preferred(List.of("a", "b"), List.of(), 1)).isEmpty();
  }

  @Test
  void allProblemsOfAPreferenceAreToldAtOnce() {
    assertThat(preferred(List.of("a", "a"), List.of("b", "b", "a"), 2))
        .isEqualTo(
            "container_requests[0].available_deviceIDs: named twice: a; "
                + "container_requests[0].must_include_deviceIDs: named twice: b; "
                + "container_requests[0].must_include_deviceIDs: not in available_deviceIDs: b; "
                + "container_requests[0].allocation_size: 2 is not from 3, the ids that must be "
                + "included, to 1, the available ones");
  }

  @Test
  void aSizeHasToBeWithinWhatThereIs() {
    assertThat(preferred(List.of("a"), List.of(), 0)).contains("allocation_size: 0 is not from 1");
    assertThat(preferred(List.of("a"), List.of(), -1)).contains("allocation_size: -1");
    assertThat(preferred(List.of("a"), List.of(), 2)).contains("to 1, the available ones");
    assertThat(preferred(List.of("a", "b"), List.of("a", "b"), 1)).contains("from 2");
  }
}
