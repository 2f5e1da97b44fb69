package io.rdmagid.deviceplugin.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.assignment.Assignment;
import io.rdmagid.assignment.AssignmentState;
import io.rdmagid.assignment.ContainerVariables;
import io.rdmagid.gid.GidScope;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AssignmentLoopTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final FakeApi api = new FakeApi();
  private final AssignmentLoop loop = new AssignmentLoop(api);
  private final Thread thread = Thread.ofPlatform().name("assignments").unstarted(loop);

  @AfterEach
  void end() throws InterruptedException {
    thread.interrupt();
    assertThat(thread.join(LIMIT)).as("the loop ends").isTrue();
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
    api.objects.put("ping", new AssignmentApi.Recorded("object", "uid-1", "node-a", Optional.empty()));
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
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(api.written).last().isEqualTo(ping()));
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
  void theEndOfAPodIsNotedInItsRecordAndMakesNone() {
    api.objects.put("ping", recorded(assignment("ping", "uid-1", "node-a")));
    api.objects.put("pong", recorded(assignment("pong", "uid-3", "node-a")));
    thread.start();
    loop.holds(ended("ping", "uid-1"));
    loop.holds(ended("pong", "uid-2"));
    loop.holds(ended("gone", "uid-4"));
    awaitCalls("find ping", "ports uid-1", "find pong", "find gone");
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

    /** Pods whose next call a policy refuses, once each. */
    final Queue<String> refused = new ConcurrentLinkedQueue<>();

    @Override
    public Optional<Recorded> find(String namespace, String podName) {
      calls.add("find " + podName);
      KubernetesClientException refusal = refusals.poll();
      if (refusal != null) {
        throw refusal;
      }
      if (refused.remove(podName)) {
        throw new KubernetesClientException("an agent writes objects of its own node only", 403, null);
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
      written.add(assignment);
    }

    @Override
    public void delete(String namespace, String podName, String objectUid) {
      calls.add("delete " + objectUid);
    }
  }
}
