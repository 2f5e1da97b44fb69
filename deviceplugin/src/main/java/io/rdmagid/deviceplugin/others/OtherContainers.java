package io.rdmagid.deviceplugin.others;

import io.rdmagid.deviceplugin.workload.Adjustment;
import io.rdmagid.deviceplugin.workload.ContainerSpec;
import io.rdmagid.deviceplugin.workload.RuntimeListener;
import io.rdmagid.deviceplugin.workload.Sandbox;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Looks at the containers on their way from the runtime to the workload: at those that get RDMA
 * devices from others. It changes nothing and waits for nothing, and the workload comes first.
 *
 * <p>What another plugin gives shows only if that acts before us: by the kubelet or by CDI, which
 * is done before NRI asks, or by NRI with an index below ours, as DRANET has it.
 */
public final class OtherContainers implements RuntimeListener {
  private final RuntimeListener workload;
  private final OwnDevices own;
  private final OtherPlugins report;
  private final Map<String, Container> containers = new HashMap<>();

  /** Knows what is ours. */
  @FunctionalInterface
  public interface OwnDevices {
    /**
     * Asks for the RDMA devices that a container's folders stand for.
     *
     * @param answer gets their names, none for a container without our folders, on any thread; it
     *     is not called where nobody knows
     */
    void of(ContainerSpec container, Consumer<Set<String>> answer);
  }

  /**
   * What a container has from others.
   *
   * @param nodes nothing before the answer is there, which can come when the container is gone
   */
  private record Container(String sandboxId, Giver.Pod pod, Set<String> nodes) {}

  /**
   * Knows of no container yet.
   *
   * @param workload gets all that comes
   */
  public OtherContainers(RuntimeListener workload, OwnDevices own, OtherPlugins report) {
    this.workload = workload;
    this.own = own;
    this.report = report;
  }

  @Override
  public void synchronize(List<Sandbox> sandboxes, List<ContainerSpec> all) {
    workload.synchronize(sandboxes, all);
    Map<String, Sandbox> alive = new HashMap<>();
    sandboxes.forEach(sandbox -> alive.put(sandbox.id(), sandbox));
    Set<String> known = new HashSet<>();
    all.forEach(container -> known.add(container.id()));
    synchronized (this) {
      containers.keySet().retainAll(known);
      report();
    }
    for (ContainerSpec container : all) {
      Sandbox sandbox = alive.get(container.sandboxId());
      if (sandbox != null && begin(sandbox, container)) {
        // Of one of ours that is new to us nobody knows how old it is: a device may have been
        // plugged anew since, and what it has of us be a node of another device's name by now.
        own.of(
            container,
            devices -> {
              if (devices.isEmpty()) {
                given(container, Set.of());
              }
            });
      }
    }
  }

  @Override
  public void sandboxStarted(Sandbox sandbox) {
    workload.sandboxStarted(sandbox);
  }

  @Override
  public Adjustment createContainer(Sandbox sandbox, ContainerSpec container, Duration limit)
      throws InterruptedException {
    Adjustment adjustment = workload.createContainer(sandbox, container, limit);
    if (!(adjustment instanceof Adjustment.Refuse) && begin(sandbox, container)) {
      own.of(container, devices -> given(container, report.nodes(devices)));
    }
    return adjustment;
  }

  @Override
  public void sandboxStopped(String sandboxId) {
    workload.sandboxStopped(sandboxId);
    ended(sandboxId);
  }

  @Override
  public void sandboxRemoved(String sandboxId) {
    workload.sandboxRemoved(sandboxId);
    ended(sandboxId);
  }

  @Override
  public void containerStopped(String sandboxId, String containerId) {
    workload.containerStopped(sandboxId, containerId);
  }

  @Override
  public void containerRemoved(String sandboxId, String containerId) {
    workload.containerRemoved(sandboxId, containerId);
    synchronized (this) {
      if (containers.remove(containerId) != null) {
        report();
      }
    }
  }

  /** Whether there is something to ask: a container that is known stays as it was made. */
  private synchronized boolean begin(Sandbox sandbox, ContainerSpec container) {
    if (container.verbsNodes().isEmpty()) {
      return false;
    }
    Giver.Pod pod = new Giver.Pod(sandbox.namespace(), sandbox.podName());
    return containers.putIfAbsent(container.id(), new Container(sandbox.id(), pod, Set.of()))
        == null;
  }

  private synchronized void given(ContainerSpec container, Set<String> ours) {
    Set<String> nodes = new HashSet<>(container.verbsNodes());
    nodes.removeAll(ours);
    if (!nodes.isEmpty()
        && containers.computeIfPresent(
                container.id(), (_, known) -> new Container(known.sandboxId(), known.pod(), nodes))
            != null) {
      report();
    }
  }

  private synchronized void ended(String sandboxId) {
    if (containers.values().removeIf(container -> container.sandboxId().equals(sandboxId))) {
      report();
    }
  }

  private void report() {
    Map<Giver.Pod, Set<String>> nodes = new HashMap<>();
    for (Container container : containers.values()) {
      nodes.computeIfAbsent(container.pod(), _ -> new HashSet<>()).addAll(container.nodes());
    }
    report.pods(nodes);
  }
}
