package io.rdmagid.deviceplugin.cri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rdmagid.deviceplugin.workload.ContainerStarts.Outcome;
import io.rdmagid.deviceplugin.workload.NodeNotice;
import io.rdmagid.deviceplugin.workload.PoolOffer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The edge beside a runtime and a kubelet on sockets. */
@Timeout(120)
abstract class OnCriEdge {
  static final Duration LIMIT = Duration.ofSeconds(20);
  static final String RAIL = "rdmagid.io/rail";
  static final String SPINE = "rdmagid.io/spine";

  @TempDir Path folder;
  final FakeStartListener listener = new FakeStartListener();
  final List<ContainerHook> hooks = new CopyOnWriteArrayList<>();
  final BlockingQueue<NodeNotice> notices = new LinkedBlockingQueue<>();
  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  volatile LongSupplier time = System::nanoTime;
  FakeNode node;
  CriEdge edge;

  void start(HookWish wish) throws IOException {
    node = new FakeNode(folder);
    node.startRuntime();
    node.startKubelet();
    edge =
        new CriEdge(
            new CriEdge.Settings(
                wish, List.of(folder.resolve("none.sock"), node.runtimeSocket), node.kubeletSocket),
            listener,
            notices::add,
            registry,
            () -> time.getAsLong());
    edge.offered(
        List.of(new PoolOffer("rail", RAIL, List.of()), new PoolOffer("spine", SPINE, List.of())));
  }

  /** By the kubelet's hook from the start. */
  void startAsking() throws IOException {
    start(HookWish.PRE_START);
    edge.start(hooks::add);
    awaitHook(ContainerHook.PRE_START);
  }

  @AfterEach
  void end() throws IOException {
    edge.close();
    assertThat(edge.isAlive()).isFalse();
    node.close();
  }

  void awaitHook(ContainerHook hook) {
    await().atMost(LIMIT).until(() -> edge.hook().equals(Optional.of(hook)));
  }

  void skip(Duration duration) {
    LongSupplier before = time;
    time = () -> before.getAsLong() + duration.toNanos();
  }

  static String reason(Outcome outcome) {
    return outcome instanceof Outcome.Refused(String reason) ? reason : outcome.toString();
  }
}
