package io.rdmagid.deviceplugin.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.assignment.Assignment;
import io.rdmagid.assignment.AssignmentState;
import io.rdmagid.assignment.ContainerVariables;
import io.rdmagid.deviceplugin.cluster.AssignmentLoop.Outcome;
import io.rdmagid.gid.GidScope;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AssignmentLoopTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final FakeApi api = new FakeApi();
  private final AtomicLong ahead = new AtomicLong();
  private final AssignmentLoop loop =
      new AssignmentLoop(api, () -> System.nanoTime() + ahead.get());
  private final Thread thread = Thread.ofPlatform().name("assignments").unstarted(loop);

  @AfterEach
  void end() throws InterruptedException {
    thread.interrupt();
    assertThat(thread.getState() == Thread.State.NEW || thread.join(LIMIT))
        .as("the loop ends")
        .isTrue();
  }

  @Test
  void aNewPodsRecordIsMadeAndFilled() {
    thread.start();
    loop.holds(assignment("ping", "uid-1", "node-a"));
    awaitCalls("find ping", "create uid-1", "ports uid-1");
  }

  @Test
  void whatIsThereIsNotWrittenAgain() {
    api.objects.put("ping", recorded(assignment("ping", "uid-1", "node-a")));
    thread.start();
    loop.holds(assignment("ping", "uid-1", "node-a"));
    loop.holds(assignment("pong", "uid-2", "node-a"));
    awaitCalls("find ping", "find pong", "create uid-2", "ports uid-2");
  }

  @Test
  void whatIsNotUnderstoodIsWrittenAgain() {
    api.objects.put(
        "ping", new AssignmentApi.Recorded("object", "uid-1", "node-a", Optional.empty()));
    thread.start();
    loop.holds(assignment("ping", "uid-1", "node-a"));
    awaitCalls("find ping", "ports uid-1");
  }

  @Test
  void theRecordOfAPredecessorOfTheSameNameGoesFirst() {
    api.objects.put("ping", recorded(assignment("ping", "uid-0", "node-a")));
    thread.start();
    loop.holds(assignment("ping", "uid-1", "node-a"));
    awaitCalls("find ping", "delete object-uid-0", "create uid-1", "ports uid-1");
  }

  /** It is not this agent's to delete, and the garbage collector's to take. */
  @Test
  void theRecordOfAPodOfAnotherNodeStaysAndHoldsUpNoOther() {
    api.objects.put("ping", recorded(assignment("ping", "uid-0", "node-b")));
    loop.holds(assignment("ping", "uid-1", "node-a"));
    loop.holds(assignment("pong", "uid-2", "node-a"));
    thread.start();
    awaitCalls("find ping", "find pong", "create uid-2", "ports uid-2", "find ping");
    api.objects.remove("ping");
    await().atMost(LIMIT).untilAsserted(() -> assertThat(api.written).last().isEqualTo(ping()));
    assertThat(api.calls).doesNotContain("delete object-uid-0");
  }

  @Test
  void aRecordThatAPolicyRefusesHoldsUpNoOtherAndIsTriedAgain() {
    api.refused.add("ping");
    loop.holds(ping());
    loop.holds(assignment("pong", "uid-2", "node-a"));
    thread.start();
    awaitCalls(
        "find ping",
        "find pong",
        "create uid-2",
        "ports uid-2",
        "find ping",
        "create uid-1",
        "ports uid-1");
  }

  /** The operator finds it out. */
  @Test
  void theEndOfAPodThatAPolicyRefusesIsNotTriedAgain() {
    api.refused.add("ping");
    loop.holds(ended("ping", "uid-1"));
    loop.holds(assignment("pong", "uid-2", "node-a"));
    thread.start();
    await().atMost(LIMIT).until(() -> api.calls.contains("ports uid-2"));
    loop.holds(assignment("peng", "uid-3", "node-a"));
    await().atMost(LIMIT).until(() -> api.calls.contains("ports uid-3"));
    assertThat(api.calls).filteredOn("find ping"::equals).hasSize(1);
  }

  @Test
  void whatPilesUpWhileTheServerIsAwayIsWrittenOnceAPod() {
    api.refusals.add(new KubernetesClientException("connection refused"));
    loop.holds(assignment("ping", "uid-1", "node-a"));
    thread.start();
    await().atMost(LIMIT).until(() -> api.calls.contains("find ping"));
    loop.holds(assignment("ping", "uid-1", "node-b"));
    loop.holds(assignment("ping", "uid-1", "node-c"));
    awaitCalls("find ping", "find ping", "create uid-1", "ports uid-1");
    assertThat(api.written).extracting(Assignment::nodeName).containsExactly("node-c");
  }

  @Test
  void aRecordThatTheServerRefusesForGoodHoldsUpNoOther() {
    api.refusals.add(new KubernetesClientException("unprocessable", 422, null));
    loop.holds(assignment("ping", "uid-1", "node-a"));
    loop.holds(assignment("pong", "uid-2", "node-a"));
    thread.start();
    awaitCalls("find ping", "find pong", "create uid-2", "ports uid-2");
  }

  @Test
  void aRecordThatDoesNotReachTheServerForLongCutsItOff() {
    api.refusesAll = new KubernetesClientException("unauthorized", 401, null);
    loop.holds(assignment("ping", "uid-1", "node-a"));
    thread.start();
    await().atMost(LIMIT).until(() -> api.calls.contains("find ping"));
    assertThat(loop.isCutOff()).as("at first").isFalse();
    ahead.addAndGet(Standstill.PATIENCE.toNanos());
    assertThat(loop.isCutOff()).as("at last").isTrue();

    api.refusesAll = null;
    await().atMost(LIMIT).until(() -> !loop.isCutOff());
    assertThat(api.written).extracting(Assignment::podUid).containsExactly("uid-1");
  }

  /** As where the record of another node's pod of the same name has to go first. */
  @Test
  void aRecordThatTheServerRefusesForWhatItIsDoesNotCutItOff() {
    api.refusesAll = new KubernetesClientException("forbidden", 403, null);
    loop.holds(assignment("ping", "uid-1", "node-a"));
    thread.start();
    await().atMost(LIMIT).until(() -> api.calls.contains("find ping"));

    ahead.addAndGet(Standstill.PATIENCE.toNanos());

    await().atMost(LIMIT).until(() -> !loop.isCutOff());
    assertThat(api.written).isEmpty();
  }

  @Test
  void theEndOfAPodIsNotedInItsRecordAndMakesNone() {
    api.objects.put("ping", recorded(assignment("ping", "uid-1", "node-a")));
    api.objects.put("pong", recorded(assignment("pong", "uid-3", "node-a")));
    thread.start();
    loop.holds(ended("ping", "uid-1"));
    loop.holds(ended("pong", "uid-2"));
    loop.holds(ended("gone", "uid-4"));
    awaitCalls("find ping", "ports uid-1", "find pong", "find gone");
  }

  /** The garbage collector takes it with its pod, whose sandbox may end a moment later. */
  @Test
  void aRecordThatIsTakenMeanwhileIsGone() {
    api.objects.put("ping", recorded(assignment("ping", "uid-1", "node-a")));
    api.portRefusals.add(
        new KubernetesClientException("not found", 404, notFound("rdmagidassignments", "ping")));
    assertThat(loop.write(ended("ping", "uid-1"))).isEqualTo(new Outcome.Gone());

    api.portRefusals.add(
        new KubernetesClientException("not found", 404, notFound("namespaces", "default")));
    assertThat(loop.write(assignment("pong", "uid-2", "node-a"))).isEqualTo(new Outcome.Gone());
  }

  @Test
  void aServerWithoutRecordsRefuses() {
    api.portRefusals.add(new KubernetesClientException("404 page not found", 404, null));
    assertThat(loop.write(assignment("ping", "uid-1", "node-a")))
        .isEqualTo(new Outcome.Refused("404 page not found"));
    api.portRefusals.add(new KubernetesClientException("unprocessable", 422, null));
    assertThat(loop.write(assignment("ping", "uid-1", "node-a")))
        .isEqualTo(new Outcome.Refused("unprocessable"));
    api.portRefusals.add(new KubernetesClientException("too many requests", 429, null));
    assertThat(loop.write(assignment("ping", "uid-1", "node-a")))
        .isEqualTo(new Outcome.NotYet("too many requests"));
  }

  private static Status notFound(String kind, String name) {
    return new StatusBuilder().withNewDetails().withKind(kind).withName(name).endDetails().build();
  }

  private static Assignment ping() {
    return assignment("ping", "uid-1", "node-a");
  }

  private static Assignment ended(String pod, String uid) {
    AssignedPort port =
        new AssignedPort(
            "main",
            "rail",
            "rxe0",
            1,
            AssignmentState.PENDING,
            Optional.empty(),
            GidScope.POD,
            1,
            1,
            1,
            ContainerVariables.NONE,
            List.of());
    return new Assignment("default", pod, uid, "node-a", List.of(port)).released();
  }

  private void awaitCalls(String... calls) {
    await().atMost(LIMIT).untilAsserted(() -> assertThat(api.calls).containsExactly(calls));
  }

  private static Assignment assignment(String pod, String uid, String node) {
    return new Assignment("default", pod, uid, node, List.of());
  }

  private static AssignmentApi.Recorded recorded(Assignment assignment) {
    return new AssignmentApi.Recorded(
        "object-" + assignment.podUid(),
        assignment.podUid(),
        assignment.nodeName(),
        Optional.of(assignment));
  }

  private static final class FakeApi implements AssignmentApi {
    final Map<String, Recorded> objects = new ConcurrentHashMap<>();
    final Queue<String> calls = new ConcurrentLinkedQueue<>();
    final Queue<Assignment> written = new ConcurrentLinkedQueue<>();
    final Queue<KubernetesClientException> refusals = new ArrayDeque<>();
    final Queue<KubernetesClientException> portRefusals = new ArrayDeque<>();
    volatile @Nullable KubernetesClientException refusesAll;

    /** Pods whose next call a policy refuses, once each. */
    final Queue<String> refused = new ConcurrentLinkedQueue<>();

    @Override
    public Optional<Recorded> find(String namespace, String podName) {
      calls.add("find " + podName);
      KubernetesClientException refusal = refusesAll == null ? refusals.poll() : refusesAll;
      if (refusal != null) {
        throw refusal;
      }
      if (refused.remove(podName)) {
        throw new KubernetesClientException(
            "an agent writes objects of its own node only", 403, null);
      }
      return Optional.ofNullable(objects.get(podName));
    }

    @Override
    public void create(Assignment assignment) {
      calls.add("create " + assignment.podUid());
    }

    @Override
    public void applyPorts(Assignment assignment) {
      calls.add("ports " + assignment.podUid());
      KubernetesClientException refusal = portRefusals.poll();
      if (refusal != null) {
        throw refusal;
      }
      written.add(assignment);
    }

    @Override
    public void delete(String namespace, String podName, String objectUid) {
      calls.add("delete " + objectUid);
    }
  }
}
