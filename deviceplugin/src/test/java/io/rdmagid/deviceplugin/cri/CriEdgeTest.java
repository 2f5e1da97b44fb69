package io.rdmagid.deviceplugin.cri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rdmagid.deviceplugin.workload.AllocationId;
import io.rdmagid.deviceplugin.workload.ContainerStarts.Outcome;
import io.rdmagid.deviceplugin.workload.NodeNotice;
import io.rdmagid.deviceplugin.workload.PoolOffer;
import io.rdmagid.deviceplugin.workload.Sandbox;
import io.rdmagid.proto.cri.NamespaceMode;
import io.rdmagid.proto.cri.PodSandboxState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The edge beside a runtime and a kubelet on sockets. */
@Timeout(120)
class CriEdgeTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String RAIL = "rdmagid.io/rail";
  private static final String SPINE = "rdmagid.io/spine";

  @TempDir private Path folder;
  private final FakeStartListener listener = new FakeStartListener();
  private final List<ContainerHook> hooks = new CopyOnWriteArrayList<>();
  private final BlockingQueue<NodeNotice> notices = new LinkedBlockingQueue<>();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private volatile LongSupplier time = System::nanoTime;
  private FakeNode node;
  private CriEdge edge;

  private void start(HookWish wish) throws IOException {
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
  private void startAsking() throws IOException {
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

  private void awaitHook(ContainerHook hook) {
    await().atMost(LIMIT).until(() -> edge.hook().equals(Optional.of(hook)));
  }

  private void skip(Duration duration) {
    LongSupplier before = time;
    time = () -> before.getAsLong() + duration.toNanos();
  }

  private static String reason(Outcome outcome) {
    return outcome instanceof Outcome.Refused(String reason) ? reason : outcome.toString();
  }

  private double gauge(String hook) {
    return registry.get("rdmagid.container.hook").tag("hook", hook).gauge().value();
  }

  @Test
  void theContainerOfTheDevicesStarts() throws IOException, InterruptedException {
    startAsking();
    node.addSandbox("s1", "other", 1);
    node.addPod("other", "main", Map.of(RAIL, List.of("c")));
    node.addSandbox("s2", "mine", 2);
    node.addPod(
        "mine",
        "main",
        Map.of(RAIL, List.of("b", "a"), SPINE, List.of("x"), "example.com/gpu", List.of("0")));
    node.addSandbox("s3", "none", 3);
    node.addPod("none", "main", Map.of());

    assertThat(edge.starts(RAIL, List.of("a", "b"))).isEqualTo(new Outcome.Ready());

    assertThat(listener.starts)
        .singleElement()
        .satisfies(start -> {
          assertThat(start.sandbox())
              .isEqualTo(
                  new Sandbox(
                      "s2",
                      "uid-mine",
                      "default",
                      "mine",
                      Optional.of(Path.of("/run/netns/s2")),
                      ""));
          assertThat(start.container()).isEqualTo("main");
          assertThat(start.allocations())
              .containsExactlyInAnyOrder(
                  new AllocationId("rail", List.of("a", "b")),
                  new AllocationId("spine", List.of("x")));
        });
    assertThat(node.asked).containsExactly("none", "mine");

    assertThat(edge.starts(SPINE, List.of("x"))).isEqualTo(new Outcome.Ready());
    assertThat(node.asked).containsExactly("none", "mine", "mine");
  }

  @Test
  void aPodOfTheHostsNetworkHasNoNamespace() throws IOException, InterruptedException {
    startAsking();
    node.addSandbox("s1", "host", 1);
    node.statuses.put("s1", FakeNode.status(NamespaceMode.NODE, "{}"));
    node.addPod("host", "main", Map.of(RAIL, List.of("a")));

    assertThat(edge.starts(RAIL, List.of("a"))).isEqualTo(new Outcome.Ready());
    assertThat(listener.starts.getFirst().sandbox().networkNamespace()).isEmpty();
  }

  @Test
  void aNamespaceThatIsNotToldIsRefused() throws IOException, InterruptedException {
    startAsking();
    node.addSandbox("s1", "pod", 1);
    node.statuses.put("s1", FakeNode.status(NamespaceMode.POD, "{\"runtimeSpec\":null}"));
    node.addPod("pod", "main", Map.of(RAIL, List.of("a")));

    assertThat(reason(edge.starts(RAIL, List.of("a"))))
        .isEqualTo("the runtime does not tell the path of the pod's network namespace");
    assertThat(listener.starts).isEmpty();
  }

  @Test
  void anInitContainerIsKnownByEqualDevicesOnly() throws IOException, InterruptedException {
    startAsking();
    node.addSandbox("s1", "pod", 1);
    node.addPod("pod", "main", Map.of(RAIL, List.of("a", "b"))); // without its init containers

    assertThat(edge.starts(RAIL, List.of("b", "a"))).isEqualTo(new Outcome.Ready());
    assertThat(reason(edge.starts(RAIL, List.of("a"))))
        .isEqualTo(
            "the kubelet knows no container of pod default/pod with exactly these devices; where the"
                + " runtime has no NRI, an init container needs one that asks for as many of the"
                + " pool in the same pod");
    assertThat(listener.starts).hasSize(1);
  }

  @Test
  void aPodThatIsGoneBetweenIsRefused() throws IOException, InterruptedException {
    startAsking();
    node.addSandbox("s1", "gone", 1); // the kubelet has it no more
    node.addSandbox("s2", "stopped", 2);
    node.addPod("stopped", "main", Map.of(RAIL, List.of("b")));
    node.statuses.remove("s2");

    assertThat(reason(edge.starts(RAIL, List.of("a"))))
        .startsWith("the kubelet knows no container");
    assertThat(reason(edge.starts(RAIL, List.of("b")))).contains("no such sandbox");
    assertThat(listener.starts).isEmpty();
  }

  @Test
  void aRefusalOfTheAgentIsAnswered() throws IOException, InterruptedException {
    startAsking();
    node.addSandbox("s1", "pod", 1);
    node.addPod("pod", "main", Map.of(RAIL, List.of("a")));
    listener.answer = new Outcome.Refused("no address of 10.0.0.0/8");

    assertThat(reason(edge.starts(RAIL, List.of("a")))).isEqualTo("no address of 10.0.0.0/8");
  }

  /** Else it would seem to have no such pod, and the sentence to be of init containers. */
  @Test
  void aKubeletThatTellsNobodyOfItsPodsIsNamed() throws IOException, InterruptedException {
    startAsking();
    node.addSandbox("s1", "pod", 1);
    node.addPod("pod", "main", Map.of(RAIL, List.of("a")));
    node.getDisabled = true;

    assertThat(reason(edge.starts(RAIL, List.of("a"))))
        .startsWith("the kubelet tells nobody what its pods have")
        .contains("KubeletPodResourcesGet");

    node.getDisabled = false;
    assertThat(edge.starts(RAIL, List.of("a"))).isEqualTo(new Outcome.Ready());
  }

  @Test
  void aKubeletThatHasHadEnoughIsAskedAgain() throws IOException, InterruptedException {
    startAsking();
    node.addSandbox("s1", "pod", 1);
    node.addPod("pod", "main", Map.of(RAIL, List.of("a")));
    node.tooMany.set(2);

    assertThat(edge.starts(RAIL, List.of("a"))).isEqualTo(new Outcome.Ready());
    assertThat(node.asked).containsExactly("pod");
  }

  @Test
  void aRuntimeThatIsAwayRefusesAndIsSeen() throws IOException, InterruptedException {
    startAsking();
    assertThat(edge.objection()).isEmpty();

    node.stopRuntime();

    assertThat(edge.objection()).hasValueSatisfying(text -> assertThat(text).contains("cri.sock"));
    assertThat(reason(edge.starts(RAIL, List.of("a"))))
        .startsWith("the container runtime does not answer by CRI on ");
  }

  @Test
  void sandboxesThatEndedAreToldOfAtTheNextStart() throws IOException, InterruptedException {
    startAsking();
    node.addSandbox("s1", "first", 1);
    node.addPod("first", "main", Map.of(RAIL, List.of("a")));
    assertThat(edge.starts(RAIL, List.of("a"))).isEqualTo(new Outcome.Ready());
    assertThat(listener.calls).containsExactly("begin ");

    node.sandboxes.computeIfPresent(
        "s1",
        (_, sandbox) -> sandbox.toBuilder().setState(PodSandboxState.SANDBOX_NOTREADY).build());
    node.addSandbox("s2", "second", 2);
    node.addPod("second", "main", Map.of(RAIL, List.of("b")));
    assertThat(edge.starts(RAIL, List.of("b"))).isEqualTo(new Outcome.Ready());

    assertThat(listener.calls).containsExactly("begin ", "stopped s1");
  }

  @Test
  void sandboxesThatEndedAreLookedForOnceAMinuteWhileThereAreAny()
      throws IOException, InterruptedException {
    startAsking();
    node.addSandbox("s1", "first", 1);
    node.addPod("first", "main", Map.of(RAIL, List.of("a")));
    assertThat(edge.starts(RAIL, List.of("a"))).isEqualTo(new Outcome.Ready());
    int before = node.lists.get();
    node.sandboxes.clear();

    edge.nriSynchronized(); // is not wished, and wakes the thread
    skip(Duration.ofSeconds(61));
    edge.nriSynchronized();

    await().atMost(LIMIT).until(() -> listener.calls.contains("stopped s1"));
    assertThat(node.lists.get()).isEqualTo(before + 1);
    assertThat(hooks).containsExactly(ContainerHook.PRE_START);
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
