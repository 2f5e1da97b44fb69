package io.rdmagid.deviceplugin.nri;

import io.rdmagid.deviceplugin.inventory.VerbsNodes;
import io.rdmagid.deviceplugin.workload.Adjustment;
import io.rdmagid.deviceplugin.workload.ContainerSpec;
import io.rdmagid.deviceplugin.workload.Sandbox;
import io.rdmagid.proto.nri.Container;
import io.rdmagid.proto.nri.ContainerAdjustment;
import io.rdmagid.proto.nri.KeyValue;
import io.rdmagid.proto.nri.LinuxContainer;
import io.rdmagid.proto.nri.LinuxDevice;
import io.rdmagid.proto.nri.LinuxDeviceCgroup;
import io.rdmagid.proto.nri.LinuxNamespace;
import io.rdmagid.proto.nri.Mount;
import io.rdmagid.proto.nri.POSIXRlimit;
import io.rdmagid.proto.nri.PodSandbox;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Between NRI's messages and the workload's records. */
final class NriMapping {
  private static final int STOPPED = 4; // ContainerState.CONTAINER_STOPPED

  private NriMapping() {}

  /**
   * A pod. Its network namespace is the pod's own, which stands there from RUN_POD_SANDBOX to
   * STOP_POD_SANDBOX; the one that its containers name is a path by process, and host-network pods
   * have it as well.
   */
  static Sandbox sandbox(PodSandbox pod) throws NriProtocolException {
    return new Sandbox(
        pod.getId(),
        pod.getUid(),
        pod.getNamespace(),
        pod.getName(),
        networkNamespace(pod),
        pod.getRuntimeHandler());
  }

  /** An error, not an empty one, where it is no path: empty would say the host's network. */
  private static Optional<Path> networkNamespace(PodSandbox pod) throws NriProtocolException {
    for (LinuxNamespace namespace : pod.getLinux().getNamespacesList()) {
      if (namespace.getType().equals("network") && !namespace.getPath().isEmpty()) {
        try {
          return Optional.of(Path.of(namespace.getPath()));
        } catch (InvalidPathException e) {
          throw new NriProtocolException("a network namespace that is no path", e);
        }
      }
    }
    return Optional.empty();
  }

  static ContainerSpec container(Container container) {
    List<Path> sources = new ArrayList<>();
    for (Mount mount : container.getMountsList()) {
      try {
        sources.add(Path.of(mount.getSource()));
      } catch (InvalidPathException _) {
        // Not one of our folders: their names are plain ASCII. A user's may be unmappable here.
      }
    }
    return new ContainerSpec(
        container.getId(),
        container.getPodSandboxId(),
        container.getName(),
        sources,
        container.getEnvList(),
        mayUseEveryDevice(container.getLinux()) ? Set.of() : verbsNodes(container.getLinux()),
        true);
  }

  private static Set<String> verbsNodes(LinuxContainer container) {
    Set<String> nodes = new HashSet<>();
    for (LinuxDevice device : container.getDevicesList()) {
      VerbsNodes.name(device.getPath()).ifPresent(nodes::add);
    }
    return nodes;
  }

  /**
   * Whether a container is one that nobody needs to give a device. Nothing of NRI says that a
   * container is privileged. Runtimes then list every node of /dev, which on a node with one RDMA
   * device looks like that device given; but they also replace the rules of its device cgroup by
   * one that allows everything, where any other container has a rule a device, behind one that
   * forbids (containerd: oci.WithAllDevicesAllowed in internal/cri/server/container_create.go;
   * CRI-O: specAddHostDevicesIfPrivileged in internal/factory/container/device_linux.go). A runtime
   * that shows no rules does not tell, and then nothing is said of its containers either.
   */
  private static boolean mayUseEveryDevice(LinuxContainer container) {
    List<LinuxDeviceCgroup> rules = container.getResources().getDevicesList();
    return rules.isEmpty()
        || rules.stream()
            .anyMatch(rule ->
                rule.getAllow()
                    && !rule.hasMajor()
                    && !rule.getType().equals("b")
                    && rule.getAccess().contains("w"));
  }

  static boolean isStopped(Container container) {
    return container.getState() == STOPPED;
  }

  static ContainerAdjustment adjustment(Adjustment.Add add) {
    ContainerAdjustment.Builder adjustment = ContainerAdjustment.newBuilder();
    new TreeMap<>(add.variables())
        .forEach(
            (name, value) -> adjustment.addEnv(KeyValue.newBuilder().setKey(name).setValue(value)));
    add.memlockBytes()
        .ifPresent(bytes ->
            adjustment.addRlimits(
                POSIXRlimit.newBuilder().setType("RLIMIT_MEMLOCK").setSoft(bytes).setHard(bytes)));
    return adjustment.build();
  }
}
