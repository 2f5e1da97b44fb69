package io.rdmagid.deviceplugin.kubelet;

import io.rdmagid.proto.deviceplugin.AllocateRequest;
import io.rdmagid.proto.deviceplugin.ContainerAllocateRequest;
import io.rdmagid.proto.deviceplugin.ContainerPreferredAllocationRequest;
import io.rdmagid.proto.deviceplugin.PreStartContainerRequest;
import io.rdmagid.proto.deviceplugin.PreferredAllocationRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** What is wrong with the kubelet's requests: all of it at once, empty where nothing is. Pure. */
final class RequestProblems {
  /** A status travels in a header, and headers have a limit. */
  private static final int LONGEST_LIST = 5;

  private static final int LONGEST_TEXT = 1_000;

  private final List<String> problems = new ArrayList<>();

  private RequestProblems() {}

  /**
   * Of an {@code Allocate}. An id that the pool no longer lists is one that it does not know.
   *
   * @param known the ids that the pool lists
   */
  static String of(AllocateRequest request, Set<String> known) {
    RequestProblems problems = new RequestProblems();
    problems.none(request.getContainerRequestsList());
    for (int i = 0; i < request.getContainerRequestsCount(); i++) {
      ContainerAllocateRequest container = request.getContainerRequests(i);
      problems.devices(
          "container_requests[" + i + "].devices_ids", container.getDevicesIdsList(), known);
    }
    return problems.text();
  }

  /**
   * Of a {@code PreStartContainer}.
   *
   * @param known the ids that the pool lists, among which is all that pods hold
   */
  static String of(PreStartContainerRequest request, Set<String> known) {
    RequestProblems problems = new RequestProblems();
    problems.devices("devices_ids", request.getDevicesIdsList(), known);
    return problems.text();
  }

  /**
   * Of a {@code GetPreferredAllocation}. Ids that the pool does not list are none: the kubelet may
   * not have seen the newest list, and an error here fails the pod.
   */
  static String of(PreferredAllocationRequest request) {
    RequestProblems problems = new RequestProblems();
    problems.none(request.getContainerRequestsList());
    for (int i = 0; i < request.getContainerRequestsCount(); i++) {
      problems.preferred("container_requests[" + i + "].", request.getContainerRequests(i));
    }
    return problems.text();
  }

  private void devices(String field, List<String> ids, Set<String> known) {
    if (ids.isEmpty()) {
      add(field + ": no device is asked for");
    }
    ids(field, "not in the pool", ids, id -> !known.contains(id));
    twice(field, ids);
  }

  private void preferred(String field, ContainerPreferredAllocationRequest container) {
    List<String> available = container.getAvailableDeviceIDsList();
    List<String> must = container.getMustIncludeDeviceIDsList();
    Set<String> choices = new HashSet<>(available);
    twice(field + "available_deviceIDs", available);
    twice(field + "must_include_deviceIDs", must);
    ids(
        field + "must_include_deviceIDs",
        "not in available_deviceIDs",
        must,
        id -> !choices.contains(id));
    int size = container.getAllocationSize();
    if (size < 1 || size > choices.size() || size < must.size()) {
      add(
          ("%sallocation_size: %d is not from %d, the ids that must be included, to %d,"
                  + " the available ones")
              .formatted(field, size, Math.max(1, must.size()), choices.size()));
    }
  }

  private void none(List<?> containers) {
    if (containers.isEmpty()) {
      add("container_requests: no container asks for anything");
    }
  }

  private void twice(String field, List<String> ids) {
    Set<String> seen = new HashSet<>();
    ids(field, "named twice", ids, id -> !seen.add(id));
  }

  private void ids(String field, String problem, List<String> ids, Predicate<String> wrong) {
    Collection<String> those = new TreeSet<>();
    ids.stream().filter(wrong).forEach(those::add);
    if (!those.isEmpty()) {
      String some = String.join(", ", those.stream().limit(LONGEST_LIST).toList());
      int more = those.size() - LONGEST_LIST;
      add(field + ": " + problem + ": " + some + (more > 0 ? " and " + more + " more" : ""));
    }
  }

  private void add(String problem) {
    problems.add(problem);
  }

  private String text() {
    String text = String.join("; ", problems);
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
  }
}
