package io.rdmagid.deviceplugin.cri;

import io.rdmagid.proto.podresources.ContainerDevices;
import io.rdmagid.proto.podresources.ContainerResources;
import io.rdmagid.proto.podresources.PodResources;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the kubelet says that a pod's containers have. Plain init containers are not among them.
 *
 * @param containers by name, in the pod's order, the ids of devices by resource
 */
record PodDevices(Map<String, Map<String, Set<String>>> containers) {
  /** The kubelet names each device of a resource in an entry of its own, one for each NUMA node. */
  static PodDevices of(PodResources pod) {
    Map<String, Map<String, Set<String>>> containers = new LinkedHashMap<>();
    for (ContainerResources container : pod.getContainersList()) {
      Map<String, Set<String>> resources = new TreeMap<>();
      for (ContainerDevices devices : container.getDevicesList()) {
        resources
            .computeIfAbsent(devices.getResourceName(), _ -> new TreeSet<>())
            .addAll(devices.getDeviceIdsList());
      }
      containers.put(container.getName(), resources);
    }
    return new PodDevices(Collections.unmodifiableMap(containers));
  }

  /** The name of the container that has exactly these devices of the resource. */
  Optional<String> holder(String resource, Set<String> ids) {
    return containers.entrySet().stream()
        .filter(container -> ids.equals(container.getValue().get(resource)))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** Whether some container has one of these devices. */
  boolean hasAny(String resource, Set<String> ids) {
    return containers.values().stream()
        .anyMatch(
            resources -> !Collections.disjoint(resources.getOrDefault(resource, Set.of()), ids));
  }

  /** The ids of a container by resource. */
  Map<String, Set<String>> of(String container) {
    return containers.getOrDefault(container, Map.of());
  }
}
