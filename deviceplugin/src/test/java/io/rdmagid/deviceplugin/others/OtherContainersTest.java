package io.rdmagid.deviceplugin.others;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rdmagid.deviceplugin.workload.Adjustment;
import io.rdmagid.deviceplugin.workload.ContainerSpec;
import io.rdmagid.deviceplugin.workload.NodeNotice;
import io.rdmagid.deviceplugin.workload.Obstacle;
import io.rdmagid.deviceplugin.workload.RuntimeListener;
import io.rdmagid.deviceplugin.workload.Sandbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OtherContainersTest {
  private static final Adjustment ADD = new Adjustment.Add(Map.of("A", "1"), OptionalLong.empty());

  private final List<String> calls = new ArrayList<>();
  private final List<NodeNotice> notices = new ArrayList<>();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final OtherPlugins others = new OtherPlugins(notices::add, registry, () -> 0);

  /** What is ours by the container's id; of others nobody knows. */
  private final Map<String, Set<String>> own = new HashMap<>();

  private final List<Runnable> answers = new ArrayList<>();
  private Adjustment adjustment = new Adjustment.None();
  private final OtherContainers containers =
      new OtherContainers(new Workload(), this::devices, others);

  private final class Workload implements RuntimeListener {
    @Override
    public void synchronize(List<Sandbox> sandboxes, List<ContainerSpec> all) {
      calls.add("synchronize " + sandboxes.size() + " " + all.size());
    }

    @Override
    public void sandboxStarted(Sandbox sandbox) {
      calls.add("started " + sandbox.id());
    }

    @Override
    public Adjustment createContainer(Sandbox sandbox, ContainerSpec container, Duration limit) {
      calls.add("create " + sandbox.id() + " " + container.id() + " " + limit.toMillis());
      return adjustment;
    }

    @Override
    public void sandboxStopped(String sandboxId) {
      calls.add("stopped " + sandboxId);
    }

    @Override
    public void sandboxRemoved(String sandboxId) {
      calls.add("removed " + sandboxId);
    }

    @Override
    public void containerStopped(String sandboxId, String containerId) {
      calls.add("container stopped " + sandboxId + " " + containerId);
    }

    @Override
    public void containerRemoved(String sandboxId, String containerId) {
      calls.add("container removed " + sandboxId + " " + containerId);
    }
  }

  private void devices(ContainerSpec container, Consumer<Set<String>> answer) {
    Set<String> devices = own.get(container.id());
    if (devices != null) {
      answers.add(() -> answer.accept(devices));
    }
  }

  private void answerAll() {
    List<Runnable> waiting = List.copyOf(answers);
    answers.clear();
    waiting.forEach(Runnable::run);
  }

  @BeforeEach
  void offerThree() {
    others.read(Node.devices(3));
    others.offered(List.of(Node.pool("rail", "mlx5_0", "mlx5_1", "mlx5_2")));
  }

  private static Sandbox sandbox(String id) {
    return new Sandbox(id, "uid-" + id, "ml", "pod-" + id, Optional.empty(), "");
  }

  private ContainerSpec container(String id, String sandbox, String... nodes) {
    own.putIfAbsent(id, Set.of());
    return new ContainerSpec(id, sandbox, "main", List.of(), List.of(), Set.of(nodes), true);
  }

  private Adjustment create(ContainerSpec container) throws InterruptedException {
    Adjustment answer =
        containers.createContainer(
            sandbox(container.sandboxId()), container, Duration.ofMillis(500));
    answerAll();
    return answer;
  }

  private double shared() {
    return registry.get("rdmagid.shared.devices").gauge().value();
  }

  @Test
  void theWorkloadIsToldEverythingAndItsAnswerStands() throws InterruptedException {
    adjustment = ADD;
    containers.synchronize(List.of(sandbox("s1")), List.of());
    containers.sandboxStarted(sandbox("s2"));
    assertThat(create(container("c1", "s2", "uverbs10"))).isSameAs(ADD);
    containers.containerRemoved("s2", "c1");
    containers.sandboxStopped("s2");
    containers.sandboxRemoved("s2");
    assertThat(calls)
        .containsExactly(
            "synchronize 1 0",
            "started s2",
            "create s2 c1 500",
            "container removed s2 c1",
            "stopped s2",
            "removed s2");
  }

  @Test
  void aContainerThatHasADeviceFromOthersIsReportedUntilItIsGone() throws InterruptedException {
    Adjustment _ = create(container("c1", "s1", "uverbs11"));
    assertThat(notices)
        .singleElement()
        .extracting(NodeNotice::note)
        .asString()
        .contains("mlx5_1 of pool rail is also in pod ml/pod-s1");
    assertThat(shared()).isEqualTo(1);
    containers.containerRemoved("s1", "c1");
    assertThat(shared()).isZero();
  }

  @Test
  void containersOfOnePodCountTogether() throws InterruptedException {
    Adjustment _ = create(container("c1", "s1", "uverbs10"));
    Adjustment _ = create(container("c2", "s1", "uverbs11"));
    assertThat(shared()).isEqualTo(2);
    containers.sandboxStopped("s2");
    assertThat(shared()).isEqualTo(2);
    containers.sandboxStopped("s1");
    assertThat(shared()).isZero();
  }

  @Test
  void ofAContainerOfOursOnlyWhatIsNotOursCounts() throws InterruptedException {
    own.put("c1", Set.of("mlx5_0", "mlx5_1"));
    Adjustment _ = create(container("c1", "s1", "uverbs10", "uverbs11"));
    assertThat(shared()).isZero();
    assertThat(notices).isEmpty();
    own.put("c2", Set.of("mlx5_0"));
    Adjustment _ = create(container("c2", "s2", "uverbs10", "uverbs12"));
    assertThat(notices)
        .singleElement()
        .extracting(NodeNotice::note)
        .asString()
        .contains("port: mlx5_2 of pool rail is also in pod ml/pod-s2");
    assertThat(shared()).isEqualTo(1);
  }

  @Test
  void nothingIsSaidOfWhatNobodyKnowsOrIsNotMade() throws InterruptedException {
    ContainerSpec unknown = container("c1", "s1", "uverbs10");
    own.remove("c1");
    Adjustment _ = create(unknown);
    adjustment = new Adjustment.Refuse(Obstacle.NO_ENTRY, "no");
    Adjustment _ = create(container("c2", "s1", "uverbs10"));
    assertThat(shared()).isZero();
  }

  @Test
  void anAnswerThatComesTooLateIsNotTaken() throws InterruptedException {
    Adjustment _ =
        containers.createContainer(
            sandbox("s1"), container("c1", "s1", "uverbs10"), Duration.ofMillis(500));
    containers.containerRemoved("s1", "c1");
    answerAll();
    assertThat(shared()).isZero();
  }

  @Test
  void containersThatWereThereBeforeAreReportedButNotOurs() {
    own.put("ours", Set.of("mlx5_2"));
    containers.synchronize(
        List.of(sandbox("s1"), sandbox("s2")),
        List.of(
            container("c1", "s1", "uverbs10"),
            container("ours", "s2", "uverbs11"),
            container("c3", "gone", "uverbs12"),
            container("c4", "s2")));
    answerAll();
    assertThat(shared()).isEqualTo(1);
    assertThat(notices)
        .singleElement()
        .extracting(NodeNotice::note)
        .asString()
        .contains("mlx5_0 of pool rail is also in pod ml/pod-s1");
    containers.synchronize(List.of(), List.of());
    assertThat(shared()).as("the runtime has them no more").isZero();
  }

  @Test
  void whatIsKnownOfAContainerOfOursOutlivesANewConnection() throws InterruptedException {
    own.put("c1", Set.of("mlx5_0"));
    ContainerSpec both = container("c1", "s1", "uverbs10", "uverbs12");
    Adjustment _ = create(both);
    assertThat(shared()).isEqualTo(1);
    containers.synchronize(List.of(sandbox("s1")), List.of(both));
    answerAll();
    assertThat(shared()).isEqualTo(1);
    containers.synchronize(List.of(sandbox("s1")), List.of());
    assertThat(shared()).isZero();
  }
}
