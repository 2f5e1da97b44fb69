package io.rdmagid.deviceplugin.nri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What ends the plugin, and how it looks then. */
class NriPluginEndTest extends OnNriPlugin {
  @Test
  void closingEndsAWaitForTheRuntime() throws IOException, InterruptedException {
    try (FakeRuntime runtime = new FakeRuntime(socket)) {
      thread.start();
      try (FakeRuntime.Peer peer = runtime.accept().synchronizeEmpty()) {
        plugin.close();
        peer.awaitEnd();
        assertThat(thread.join(LIMIT)).isTrue();
      }
    }
  }

  @Test
  void closingEndsAPause() throws IOException, InterruptedException {
    plugin =
        new NriPlugin(
            socket,
            "rdmagid",
            "50",
            listener,
            metrics,
            _ -> {},
            new ReconnectPauses(Duration.ofDays(1), Duration.ofDays(1)));
    thread = Thread.ofPlatform().name("nri").start(plugin);
    await().atMost(LIMIT).until(() -> thread.getState() == Thread.State.TIMED_WAITING);

    plugin.close();
    assertThat(thread.join(LIMIT)).isTrue();
  }

  @Test
  void closingBeforeTheStartEndsItAtOnce() throws IOException, InterruptedException {
    try (FakeRuntime _ = new FakeRuntime(socket)) { // takes connections, and says nothing
      plugin.close();
      thread.start();
      assertThat(thread.join(LIMIT)).isTrue();
    }
  }

  @Test
  void anInterruptEndsItAndIsKept() throws IOException, InterruptedException {
    AtomicBoolean kept = new AtomicBoolean();
    thread =
        Thread.ofPlatform()
            .unstarted(() -> {
              plugin.run();
              kept.set(Thread.currentThread().isInterrupted());
            });
    try (FakeRuntime runtime = new FakeRuntime(socket)) {
      thread.start();
      try (FakeRuntime.Peer peer = runtime.accept().synchronizeEmpty()) {
        thread.interrupt();
        peer.awaitEnd();
      }
    }
    assertThat(thread.join(LIMIT)).isTrue();
    assertThat(kept).isTrue();
  }

  /** Its thread is gone then, and nobody may take it for connected. */
  @Test
  void whateverEndsItIsSeen() throws IOException, InterruptedException {
    plugin =
        new NriPlugin(
            socket,
            "rdmagid",
            "50",
            listener,
            metrics,
            _ -> {
              throw new AssertionError("of the test");
            },
            SHORT);
    thread = Thread.ofPlatform().name("nri").unstarted(plugin);
    thread.setUncaughtExceptionHandler((_, _) -> {});
    try (FakeRuntime _ = new FakeRuntime(socket)) {
      thread.start();
      assertThat(thread.join(LIMIT)).isTrue();
    }

    assertThat(plugin.state()).isEqualTo(NriState.ABSENT);
  }
}
