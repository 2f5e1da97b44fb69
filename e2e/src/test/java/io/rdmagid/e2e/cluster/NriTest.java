package io.rdmagid.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rdmagid.deviceplugin.nri.NriMetrics;
import io.rdmagid.deviceplugin.nri.NriPlugin;
import io.rdmagid.deviceplugin.nri.NriState;
import io.rdmagid.deviceplugin.workload.Adjustment;
import io.rdmagid.deviceplugin.workload.ContainerSpec;
import io.rdmagid.deviceplugin.workload.RuntimeListener;
import io.rdmagid.deviceplugin.workload.Sandbox;
import io.rdmagid.e2e.testbed.ContainerRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The agent's NRI plugin with a real containerd, which has no containers. */
class NriTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  private final AtomicInteger synchronizations = new AtomicInteger();
  private ContainerRuntime runtime;
  private NriPlugin plugin;
  private Thread thread;

  @BeforeEach
  void start() {
    runtime = ContainerRuntime.in(folder);
    plugin =
        new NriPlugin(
            runtime.nriSocket(),
            "rdmagid",
            "50",
            new Counting(synchronizations),
            new NriMetrics(new SimpleMeterRegistry()),
            _ -> {});
    thread = Thread.ofPlatform().name("nri").start(plugin);
  }

  @AfterEach
  void end() throws IOException, InterruptedException {
    plugin.close();
    runtime.close();
    assertThat(thread.join(LIMIT)).isTrue();
  }

  private void awaitState(NriState state) {
    await().atMost(LIMIT).until(() -> plugin.state() == state);
  }

  @Test
  void isSynchronizedAgainAfterEachStartOfTheRuntime() throws IOException {
    assertThat(plugin.state()).isEqualTo(NriState.ABSENT);

    runtime.start();
    awaitState(NriState.SYNCHRONIZED);
    assertThat(Files.readString(runtime.log())).contains("50-rdmagid");

    runtime.stop();
    awaitState(NriState.ABSENT);
    runtime.start();
    awaitState(NriState.SYNCHRONIZED);

    runtime.kill();
    awaitState(NriState.ABSENT);
    runtime.start();
    awaitState(NriState.SYNCHRONIZED);

    assertThat(synchronizations).hasValue(3);
  }

  private record Counting(AtomicInteger synchronizations) implements RuntimeListener {
    @Override
    public void synchronize(List<Sandbox> sandboxes, List<ContainerSpec> containers) {
      if (!sandboxes.isEmpty() || !containers.isEmpty()) {
        throw new AssertionError("this runtime has none");
      }
      synchronizations.incrementAndGet();
    }

    @Override
    public void sandboxStarted(Sandbox sandbox) {}

    @Override
    public Adjustment createContainer(Sandbox sandbox, ContainerSpec container, Duration limit) {
      return new Adjustment.None();
    }

    @Override
    public void sandboxStopped(String sandboxId) {}

    @Override
    public void sandboxRemoved(String sandboxId) {}

    @Override
    public void containerStopped(String sandboxId, String containerId) {}

    @Override
    public void containerRemoved(String sandboxId, String containerId) {}
  }
}
