package io.rdmagid.deviceplugin.nri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the plugin tells of who listens at the runtime's socket. */
class NriPresenceTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir Path folder;
  private final Queue<NriPresence> presence = new ConcurrentLinkedQueue<>();
  private Path socket;
  private NriPlugin plugin;
  private Thread thread;

  @BeforeEach
  void make() {
    socket = folder.resolve("nri.sock");
    plugin =
        new NriPlugin(
            socket,
            "rdmagid",
            "50",
            new FakeListener(),
            new NriMetrics(new SimpleMeterRegistry()),
            presence::add,
            new ReconnectPauses(Duration.ofMillis(1), Duration.ofMillis(20)));
    thread = Thread.ofPlatform().name("nri").unstarted(plugin);
  }

  @AfterEach
  void end() throws IOException, InterruptedException {
    plugin.close();
    thread.join();
  }

  /** What the tries showed, those of the same in a row as one. */
  private List<NriPresence> shown() {
    List<NriPresence> shown = new ArrayList<>();
    for (NriPresence next : presence) {
      if (shown.isEmpty() || shown.getLast() != next) {
        shown.add(next);
      }
    }
    return shown;
  }

  @Test
  void whoListensAtTheSocketIsTold() throws IOException, InterruptedException {
    thread.start();
    await().atMost(LIMIT).until(() -> !presence.isEmpty());
    assertThat(shown()).containsExactly(NriPresence.NOBODY); // no socket
    try (FakeRuntime runtime = new FakeRuntime(socket);
        FakeRuntime.Peer peer = runtime.accept()) {
      await().atMost(LIMIT).until(() -> plugin.state() == NriState.CONNECTING);
      assertThat(shown()).containsExactly(NriPresence.NOBODY, NriPresence.SOMEBODY);
      peer.synchronizeEmpty();
      await().atMost(LIMIT).until(() -> plugin.state() == NriState.SYNCHRONIZED);
    }
    await().atMost(LIMIT).until(() -> shown().getLast() == NriPresence.NOBODY);
    assertThat(shown())
        .startsWith(NriPresence.NOBODY, NriPresence.SOMEBODY, NriPresence.SYNCHRONIZED);
  }

  @Test
  void nobodyListensAtASocketThatWasLeftBehind() throws IOException {
    try (ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      left.bind(UnixDomainSocketAddress.of(socket));
    }
    thread.start();
    await().atMost(LIMIT).until(() -> !presence.isEmpty());
    assertThat(socket).exists();
    assertThat(shown()).containsExactly(NriPresence.NOBODY);
  }
}
