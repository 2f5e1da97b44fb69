package io.rdmagid.deviceplugin.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.rdmagid.assignment.Assignment;
import io.rdmagid.deviceplugin.pace.Jitter;
import io.rdmagid.deviceplugin.workload.AssignmentReports;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Writes the record of what pods hold, the newest of each pod: while the API server is away they
 * pile up into one, and one that it refuses holds up no other. An object is read before it is
 * written, so an agent that restarts writes nothing that is there. {@link #run} is the whole life
 * of its thread, which ends when it is interrupted; the other methods may come from any thread.
 */
public final class AssignmentLoop implements Runnable, AssignmentReports {
  private static final Logger LOG = LoggerFactory.getLogger(AssignmentLoop.class);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

  /** How long at most until a record that was refused is tried again. */
  private static final Duration LONGEST_PUT_OFF = Duration.ofMinutes(10);

  private static final int UNPROCESSABLE = 422;

  private final AssignmentApi api;
  private final Standstill standstill;
  private final Pauses pauses = new Pauses(Jitter.random());
  private final PendingRecords pending = new PendingRecords(System::nanoTime);

  /** Writes by this client, which stays the caller's to close. */
  public AssignmentLoop(KubernetesClient client) {
    this(new FabricAssignmentApi(client), System::nanoTime);
  }

  AssignmentLoop(AssignmentApi api, LongSupplier nanoTime) {
    this.api = api;
    this.standstill = new Standstill(nanoTime);
  }

  /** Whether there is a record to write that has not reached the server for 30 s. */
  public boolean isCutOff() {
    return standstill.isLong();
  }

  @Override
  public void holds(Assignment assignment) {
    pending.put(assignment);
  }

  /** What became of a record. */
  sealed interface Outcome {
    /** The server has it. */
    record Written() implements Outcome {}

    /** There was nothing to write: the server has it, or the pod is gone and its record with it. */
    record Needless() implements Outcome {}

    /** Between two requests it was taken with its pod or namespace, whose sandbox still ends. */
    record Gone() implements Outcome {}

    /** The server will say the same again: it has no such kind, or its CRD is an older one. */
    record Refused(String reason) implements Outcome {}

    /**
     * The server may say the same again, and something else of other pods' records: a policy, a
     * conflict, an object that the garbage collector is about to take.
     */
    record PutOff(String reason) implements Outcome {}

    /** Nothing can be written now: it is away, has too much to do, or does not know the agent. */
    record NotYet(String reason) implements Outcome {}
  }

  @Override
  public void run() {
    int failures = 0;
    try {
      while (true) {
        PendingRecords.Pending next = pending.take();
        standstill.asks();
        Outcome outcome = write(next.assignment());
        if (outcome instanceof Outcome.NotYet(String reason)) {
          pending.giveBack(next);
          Duration pause = pauses.afterFailure(failures++, LONGEST_RETRY);
          LOG.atWarn()
              .addKeyValue("reason", reason)
              .addKeyValue("retryMillis", pause.toMillis())
              .log("record of a pod not written yet");
          TimeUnit.MILLISECONDS.sleep(pause.toMillis());
        } else {
          standstill.answered();
          failures = 0;
          finish(next, outcome);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void finish(PendingRecords.Pending record, Outcome outcome) {
    switch (outcome) {
      case Outcome.Written _ ->
          LOG.atInfo()
              .addKeyValue("pod", pod(record))
              .addKeyValue("ports", record.assignment().ports().size())
              .log("assignment published");
      case Outcome.Gone _ ->
          LOG.atDebug().addKeyValue("pod", pod(record)).log("record of a pod is gone with it");
      case Outcome.Refused(String reason) ->
          LOG.atWarn()
              .addKeyValue("pod", pod(record))
              .addKeyValue("reason", reason)
              .log("record of a pod refused");
      case Outcome.PutOff(String reason) -> putOff(record, reason);
      case Outcome.Needless _, Outcome.NotYet _ -> {}
    }
  }

  /**
   * It can be right later, when the garbage collector has taken what is in its way, and is said
   * once. That a pod holds nothing any more the operator finds out as well.
   */
  private void putOff(PendingRecords.Pending refused, String reason) {
    boolean ended = refused.assignment().isReleased();
    if (!ended) {
      Duration pause = pauses.afterFailure(refused.refusals(), LONGEST_PUT_OFF);
      pending.putOff(refused, pause);
    }
    LOG.atLevel(refused.refusals() == 0 ? Level.WARN : Level.DEBUG)
        .addKeyValue("pod", pod(refused))
        .addKeyValue("reason", reason)
        .log(ended ? "end of a pod not recorded" : "record of a pod refused, tried again later");
  }

  private static String pod(PendingRecords.Pending pending) {
    return pending.assignment().namespace() + "/" + pending.assignment().podName();
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
        case UNPROCESSABLE -> new Outcome.Refused(reason);
        default ->
            ClusterPublisher.concernsOneObject(e.getCode())
                ? new Outcome.PutOff(reason)
                : new Outcome.NotYet(reason);
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
      if (!recorded.nodeName().equals(assignment.nodeName())) {
        // Which of the two is gone only the garbage collector knows.
        return new Outcome.PutOff(
            "there is one of a pod of this name on node " + recorded.nodeName());
      }
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
}
