package io.rdmagid.deviceplugin.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.rdmagid.assignment.Assignment;
import io.rdmagid.deviceplugin.pace.Jitter;
import io.rdmagid.deviceplugin.workload.AssignmentReports;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the record of what pods hold, the newest of each pod: while the API server is away they
 * pile up into one. An object is read before it is written, so an agent that restarts writes
 * nothing that is there. {@link #run} is the whole life of its thread, which ends when it is
 * interrupted; {@link #holds} may come from any thread.
 */
public final class AssignmentLoop implements Runnable, AssignmentReports {
  private static final Logger LOG = LoggerFactory.getLogger(AssignmentLoop.class);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

  private static final int UNPROCESSABLE = 422;

  private final AssignmentApi api;
  private final Pauses pauses = new Pauses(Jitter.random());
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  private final LinkedHashMap<String, Assignment> waiting = new LinkedHashMap<>();

  /** Writes by this client, which stays the caller's to close. */
  public AssignmentLoop(KubernetesClient client) {
    this(new FabricAssignmentApi(client));
  }

  AssignmentLoop(AssignmentApi api) {
    this.api = api;
  }

  @Override
  public void holds(Assignment assignment) {
    lock.lock();
    try {
      waiting.put(assignment.podUid(), assignment);
      woken.signal();
    } finally {
      lock.unlock();
    }
  }

  /** What became of a record. */
  sealed interface Outcome {
    /** The server has it. */
    record Written() implements Outcome {}

    /** There was nothing to write: the server has it, or the pod is gone and its record with it. */
    record Needless() implements Outcome {}

    /** Between two requests it was taken with its pod or namespace, whose sandbox still ends. */
    record Gone() implements Outcome {}

    /** The server will say the same again. */
    record Refused(String reason) implements Outcome {}

    /** The server may say something else later. */
    record NotYet(String reason) implements Outcome {}
  }

  @Override
  public void run() {
    int failures = 0;
    try {
      while (true) {
        Assignment next = take();
        Outcome outcome = write(next);
        if (outcome instanceof Outcome.NotYet(String reason)) {
          giveBack(next);
          Duration pause = pauses.afterFailure(failures++, LONGEST_RETRY);
          LOG.atWarn()
              .addKeyValue("reason", reason)
              .addKeyValue("retryMillis", pause.toMillis())
              .log("record of a pod not written yet");
          TimeUnit.MILLISECONDS.sleep(pause.toMillis());
        } else {
          failures = 0;
          log(next, outcome);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void log(Assignment assignment, Outcome outcome) {
    String pod = assignment.namespace() + "/" + assignment.podName();
    switch (outcome) {
      case Outcome.Written _ ->
          LOG.atInfo()
              .addKeyValue("pod", pod)
              .addKeyValue("ports", assignment.ports().size())
              .log("assignment published");
      case Outcome.Gone _ ->
          LOG.atDebug().addKeyValue("pod", pod).log("record of a pod is gone with it");
      case Outcome.Refused(String reason) ->
          LOG.atWarn()
              .addKeyValue("pod", pod)
              .addKeyValue("reason", reason)
              .log("record of a pod refused");
      case Outcome.Needless _, Outcome.NotYet _ -> {}
    }
  }

  /** Brings the server to this record. */
  Outcome write(Assignment assignment) {
    try {
      return ask(assignment);
    } catch (KubernetesClientException e) {
      String reason = String.valueOf(e.getMessage());
      return switch (e.getCode()) {
        case HttpURLConnection.HTTP_NOT_FOUND ->
            namesAnObject(e) ? new Outcome.Gone() : new Outcome.Refused(reason);
        case UNPROCESSABLE -> new Outcome.Refused(reason); // the object makes no sense to its CRD
        default -> new Outcome.NotYet(reason);
      };
    }
  }

  private Outcome ask(Assignment assignment) {
    String namespace = assignment.namespace();
    String pod = assignment.podName();
    AssignmentApi.Recorded recorded = api.find(namespace, pod).orElse(null);
    boolean ofAnother = recorded != null && !recorded.podUid().equals(assignment.podUid());
    if (assignment.isReleased() && (recorded == null || ofAnother)) {
      return new Outcome.Needless();
    }
    if (recorded != null && ofAnother) {
      api.delete(namespace, pod, recorded.objectUid());
      recorded = null;
    }
    if (recorded == null) {
      api.create(assignment);
    } else if (recorded.assignment().filter(assignment::equals).isPresent()) {
      return new Outcome.Needless();
    }
    api.applyPorts(assignment);
    return new Outcome.Written();
  }

  /** Of a record or namespace that is not there; a server that has no such kind names none. */
  private static boolean namesAnObject(KubernetesClientException notFound) {
    return notFound.getStatus() != null
        && notFound.getStatus().getDetails() != null
        && notFound.getStatus().getDetails().getName() != null;
  }

  private Assignment take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty()) {
        woken.await();
      }
      return waiting.pollFirstEntry().getValue();
    } finally {
      lock.unlock();
    }
  }

  /** Unless something newer was said of the pod since. */
  private void giveBack(Assignment assignment) {
    lock.lock();
    try {
      waiting.putIfAbsent(assignment.podUid(), assignment);
    } finally {
      lock.unlock();
    }
  }
}
