package io.rdmagid.deviceplugin.nri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A plugin with a socket for its runtime, and a thread for it that is not started. */
@Timeout(60)
abstract class OnNriPlugin {
  static final Duration LIMIT = Duration.ofSeconds(30);
  static final ReconnectPauses SHORT =
      new ReconnectPauses(Duration.ofMillis(1), Duration.ofMillis(8));

  @TempDir Path folder;
  final FakeListener listener = new FakeListener();
  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  final NriMetrics metrics = new NriMetrics(registry);
  Path socket;
  NriPlugin plugin;
  Thread thread;

  @BeforeEach
  void make() {
    socket = folder.resolve("nri.sock");
    plugin = new NriPlugin(socket, "rdmagid", "50", listener, metrics, _ -> {}, SHORT);
    thread = Thread.ofPlatform().name("nri").unstarted(plugin);
  }

  @AfterEach
  void end() throws IOException, InterruptedException {
    plugin.close();
    if (thread.isAlive() && !thread.join(LIMIT)) {
      throw new AssertionError("the plugin did not end");
    }
    assertThat(listener.calls).doesNotContain("TWO CALLS AT A TIME");
    assertThat(plugin.state()).isEqualTo(NriState.ABSENT);
  }

  double connected() {
    return registry.get("rdmagid.nri.connected").gauge().value();
  }

  void awaitState(NriState state) {
    await().atMost(LIMIT).until(() -> plugin.state() == state);
  }
}
