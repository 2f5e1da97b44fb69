package io.rdmagid.deviceplugin.cri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rdmagid.deviceplugin.workload.AllocationId;
import io.rdmagid.deviceplugin.workload.ContainerStarts.Outcome;
import io.rdmagid.deviceplugin.workload.Sandbox;
import io.rdmagid.proto.cri.NamespaceMode;
import io.rdmagid.proto.cri.PodSandboxState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Containers that the kubelet asks for, and whose they are. */
class CriEdgeTest extends OnCriEdge {
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

  /** Without it a pod with a kernel of its own would not be refused. */
  @Test
  void theRuntimesHandlerIsTold() throws IOException, InterruptedException {
    startAsking();
    node.addSandbox("s1", "pod", 1);
    node.sandboxes.computeIfPresent(
        "s1", (_, sandbox) -> sandbox.toBuilder().setRuntimeHandler("kata-qemu").build());
    node.addPod("pod", "main", Map.of(RAIL, List.of("a")));

    assertThat(edge.starts(RAIL, List.of("a"))).isEqualTo(new Outcome.Ready());
    assertThat(listener.starts.getFirst().sandbox().runtimeHandler()).isEqualTo("kata-qemu");
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
}
