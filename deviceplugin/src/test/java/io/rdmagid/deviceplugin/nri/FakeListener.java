package io.rdmagid.deviceplugin.nri;

import io.rdmagid.deviceplugin.workload.Adjustment;
import io.rdmagid.deviceplugin.workload.ContainerSpec;
import io.rdmagid.deviceplugin.workload.RuntimeListener;
import io.rdmagid.deviceplugin.workload.Sandbox;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Notes what it is told, and checks that it is told one thing at a time. */
final class FakeListener implements RuntimeListener {
  /** What a container gets. */
  @FunctionalInterface
  interface Choice {
    Adjustment choose(Sandbox sandbox, ContainerSpec container, Duration limit)
        throws InterruptedException;
  }

  final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
  final BlockingQueue<Duration> limits = new LinkedBlockingQueue<>();
  volatile List<Sandbox> sandboxes = List.of();
  volatile List<ContainerSpec> containers = List.of();
  volatile Choice choice = (_, _, _) -> new Adjustment.None();
  volatile Runnable onEvent = () -> {};
  private final AtomicInteger inside = new AtomicInteger();

  @Override
  public void synchronize(List<Sandbox> sandboxes, List<ContainerSpec> containers) {
    note("synchronize " + sandboxes.size() + " " + containers.size());
    this.sandboxes = sandboxes;
    this.containers = containers;
  }

  @Override
  public void sandboxStarted(Sandbox sandbox) {
    note("started " + sandbox.id());
  }

  @Override
  public Adjustment createContainer(Sandbox sandbox, ContainerSpec container, Duration limit)
      throws InterruptedException {
    enter();
    try {
      calls.add("create " + sandbox.id() + " " + container.id());
      limits.add(limit);
      return choice.choose(sandbox, container, limit);
    } finally {
      inside.decrementAndGet();
    }
  }

  @Override
  public void sandboxStopped(String sandboxId) {
    note("stopped " + sandboxId);
  }

  @Override
  public void sandboxRemoved(String sandboxId) {
    note("removed " + sandboxId);
  }

  @Override
  public void containerStopped(String sandboxId, String containerId) {
    note("container stopped " + sandboxId + " " + containerId);
  }

  @Override
  public void containerRemoved(String sandboxId, String containerId) {
    note("container removed " + sandboxId + " " + containerId);
  }

  private void note(String call) {
    enter();
    try {
      calls.add(call);
      onEvent.run();
    } finally {
      inside.decrementAndGet();
    }
  }

  private void enter() {
    if (inside.getAndIncrement() != 0) {
      calls.add("TWO CALLS AT A TIME");
    }
  }
}
