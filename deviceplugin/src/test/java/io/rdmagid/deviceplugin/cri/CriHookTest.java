package io.rdmagid.deviceplugin.cri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rdmagid.deviceplugin.workload.ContainerStarts.Outcome;
import io.rdmagid.deviceplugin.workload.NodeNotice;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** How the edge finds out whether the runtime or the kubelet tells of containers. */
class CriHookTest extends OnCriEdge {
  private double gauge(String hook) {
    return registry.get("rdmagid.container.hook").tag("hook", hook).gauge().value();
  }

  /** Nobody has been listening at NRI's socket for long enough. */
  private void startWithoutNri() throws IOException {
    start(HookWish.AUTO);
    node.addSandbox("s1", "pod", 1);
    node.addPod("pod", "main", Map.of(RAIL, List.of("a")));
    edge.nobodyAtNri();
    skip(Duration.ofSeconds(10));
  }

  private NodeNotice nextNotice() throws InterruptedException {
    NodeNotice notice = notices.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
    assertThat(notice).as("a notice").isNotNull();
    return notice;
  }

  @Test
  void aRuntimeWithoutNriIsAskedByCriUntilItHasNri() throws IOException, InterruptedException {
    startWithoutNri();
    assertThat(edge.hook()).isEmpty();
    assertThat(edge.starts(RAIL, List.of("a"))).isEqualTo(new Outcome.Ready());
    assertThat(listener.starts).isEmpty(); // nothing is decided yet

    edge.start(hooks::add);
    awaitHook(ContainerHook.PRE_START);
    assertThat(nextNotice().reason()).isEqualTo("RuntimeWithoutNri");
    assertThat(listener.calls).containsExactly("begin s1");
    assertThat(gauge("pre-start")).isOne();
    assertThat(gauge("nri")).isZero();
    assertThat(edge.starts(RAIL, List.of("a"))).isEqualTo(new Outcome.Ready());
    assertThat(listener.starts).hasSize(1);

    edge.somebodyAtNri();
    assertThat(edge.hook()).contains(ContainerHook.PRE_START);
    edge.nriSynchronized();
    awaitHook(ContainerHook.NRI);
    assertThat(nextNotice().reason()).isEqualTo("RuntimeWithNri");
    assertThat(gauge("pre-start")).isZero();
    assertThat(gauge("nri")).isOne();
    assertThat(edge.starts(RAIL, List.of("a"))).isEqualTo(new Outcome.Ready());
    assertThat(listener.starts).hasSize(1); // the runtime asks itself
    assertThat(hooks).containsExactly(ContainerHook.PRE_START, ContainerHook.NRI);
  }

  private void noteHook(ContainerHook hook) {
    listener.calls.add("hook " + hook);
  }

  /**
   * Pools are offered from {@code begin} on: one registered without the hook, or a start that is
   * not looked at, would leave a container without its index.
   */
  @Test
  void theKubeletAsksFromTheFirstRegistrationOn() throws IOException, InterruptedException {
    start(HookWish.PRE_START);
    node.addSandbox("s1", "pod", 1);
    node.addPod("pod", "main", Map.of(RAIL, List.of("a")));
    AtomicReference<Optional<ContainerHook>> atBegin = new AtomicReference<>();
    listener.onBegin = () -> atBegin.set(edge.hook());
    edge.start(this::noteHook);
    await().atMost(LIMIT).until(() -> atBegin.get() != null);

    assertThat(atBegin.get()).contains(ContainerHook.PRE_START);
    assertThat(listener.calls).containsExactly("hook PRE_START", "begin s1");
  }

  /** A container that starts is of a sandbox that the list has not. */
  @Test
  void whatIsThereIsToldBeforeTheKubeletAsksWherePoolsAreOffered() throws IOException {
    start(HookWish.AUTO);
    node.addSandbox("s1", "pod", 1);
    edge.nriSynchronized();
    edge.start(this::noteHook);
    awaitHook(ContainerHook.NRI);
    AtomicLong looks = new AtomicLong();
    time = () -> Duration.ofSeconds(11).toNanos() * looks.incrementAndGet(); // whoever asks next
    edge.nobodyAtNri();
    await().atMost(LIMIT).until(() -> listener.calls.size() == 3);

    assertThat(listener.calls).containsExactly("hook NRI", "begin s1", "hook PRE_START");
  }

  @Test
  void aRuntimeThatIsAwayAltogetherDecidesNothingUntilItIsBack() throws IOException {
    startWithoutNri();
    node.stopRuntime();
    edge.start(hooks::add);
    await()
        .atMost(LIMIT)
        .until(() ->
            !Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("cri"))
                .filter(thread -> thread.getState() == Thread.State.TIMED_WAITING)
                .toList()
                .isEmpty());
    assertThat(edge.hook()).isEmpty();

    node.startRuntime();
    awaitHook(ContainerHook.PRE_START);
  }

  @Test
  void aRuntimeWithNriIsNotAsked() throws IOException {
    start(HookWish.AUTO);
    edge.start(hooks::add);
    edge.nriSynchronized();
    awaitHook(ContainerHook.NRI);

    assertThat(node.lists).hasValue(0);
    assertThat(notices).isEmpty();
    assertThat(listener.calls).isEmpty();
  }

  @Test
  void nriThatIsWishedStays() throws IOException {
    start(HookWish.NRI);
    edge.nobodyAtNri();
    skip(Duration.ofMinutes(10));
    edge.start(hooks::add);
    awaitHook(ContainerHook.NRI);
    edge.close();

    assertThat(hooks).containsExactly(ContainerHook.NRI);
    assertThat(node.lists).hasValue(0);
  }
}
