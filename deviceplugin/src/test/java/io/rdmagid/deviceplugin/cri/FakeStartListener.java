package io.rdmagid.deviceplugin.cri;

import io.rdmagid.deviceplugin.workload.AllocationId;
import io.rdmagid.deviceplugin.workload.ContainerStarts;
import io.rdmagid.deviceplugin.workload.Sandbox;
import io.rdmagid.deviceplugin.workload.StartListener;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Notes what it is told; a sandbox whose container starts has allocations until it ends. */
final class FakeStartListener implements StartListener {
  /** A container that started. */
  record Start(Sandbox sandbox, String container, List<AllocationId> allocations) {}

  final List<String> calls = new CopyOnWriteArrayList<>();
  final List<Start> starts = new CopyOnWriteArrayList<>();
  final Set<String> holders = ConcurrentHashMap.newKeySet();
  volatile Runnable onBegin = () -> {};
  volatile ContainerStarts.Outcome answer = new ContainerStarts.Outcome.Ready();

  @Override
  public void begin(Set<String> sandboxes) {
    calls.add("begin " + String.join(" ", new TreeSet<>(sandboxes)));
    onBegin.run();
  }

  @Override
  public Set<String> holders() {
    return Set.copyOf(holders);
  }

  @Override
  public void sandboxStopped(String sandboxId) {
    holders.remove(sandboxId);
    calls.add("stopped " + sandboxId);
  }

  @Override
  public ContainerStarts.Outcome containerStarts(
      Sandbox sandbox, String container, Collection<AllocationId> allocations, Duration limit) {
    holders.add(sandbox.id());
    starts.add(new Start(sandbox, container, List.copyOf(allocations)));
    return answer;
  }
}
