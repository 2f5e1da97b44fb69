package io.rdmagid.deviceplugin.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.rdmagid.assignment.Assignment;
import io.rdmagid.deviceplugin.pace.Jitter;
import io.rdmagid.deviceplugin.workload.AssignmentReports;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Writes the record of what pods hold, the newest of each pod: while the API server is away they
 * pile up into one, and one that it refuses holds up no other. An object is read before it is
 * written, so an agent that restarts writes nothing that is there. {@link #run} is the whole life
 * of its thread, which ends when it is interrupted; {@link #holds} may come from any thread.
 */
public final class AssignmentLoop implements Runnable, AssignmentReports {
  private static final Logger LOG = LoggerFactory.getLogger(AssignmentLoop.class);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

  /** How long at most until a record that was refused is tried again. */
  private static final Duration LONGEST_PUT_OFF = Duration.ofMinutes(10);

  private static final int UNPROCESSABLE = 422;
  private static final int TOO_MANY_REQUESTS = 429;

  private final AssignmentApi api;
  private final Pauses pauses = new Pauses(Jitter.random());
  private final PendingRecords pending = new PendingRecords(System::nanoTime);

  /** Writes by this client, which stays the caller's to close. */
  public AssignmentLoop(KubernetesClient client) {
    this(new FabricAssignmentApi(client));
  }

  AssignmentLoop(AssignmentApi api) {
    this.api = api;
  }

  @Override
  public void holds(Assignment assignment) {
    pending.put(assignment);
  }

  @Override
  public void run() {
    int failures = 0;
    try {
      while (true) {
        PendingRecords.Pending next = pending.take();
        try {
          Optional<String> objection = write(next.assignment());
          objection.ifPresent(reason -> putOff(next, reason));
          failures = 0;
        } catch (KubernetesClientException e) {
          switch (Answer.of(e)) {
            case FINAL -> {
              LOG.atWarn()
                  .addKeyValue("pod", pod(next))
                  .addKeyValue("reason", e.getMessage())
                  .log("record of a pod refused");
              failures = 0;
            }
            case OF_THIS -> {
              putOff(next, String.valueOf(e.getMessage()));
              failures = 0;
            }
            case OF_ALL -> {
              pending.giveBack(next);
              Duration pause = pauses.afterFailure(failures++, LONGEST_RETRY);
              LOG.atWarn()
                  .addKeyValue("reason", e.getMessage())
                  .addKeyValue("retryMillis", pause.toMillis())
                  .log("record of a pod not written yet");
              TimeUnit.MILLISECONDS.sleep(pause.toMillis());
            }
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What a failure says of the next try. */
  private enum Answer {
    /**
     * The server will say the same again: the object makes no sense to an older CRD (422), or its
     * namespace is gone with the pod (404).
     */
    FINAL,
    /** It may say the same again, and something else of other pods' records: a policy, a conflict. */
    OF_THIS,
    /** Nothing can be written now: it is away, has too much to do, or does not know the agent. */
    OF_ALL;

    static Answer of(KubernetesClientException e) {
      return switch (e.getCode()) {
        case HttpURLConnection.HTTP_NOT_FOUND, UNPROCESSABLE -> FINAL;
        case HttpURLConnection.HTTP_UNAUTHORIZED,
            HttpURLConnection.HTTP_CLIENT_TIMEOUT,
            TOO_MANY_REQUESTS ->
            OF_ALL;
        default -> e.getCode() / 100 == 4 ? OF_THIS : OF_ALL;
      };
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

  /** Returns why it cannot be written now; empty where it is written, or need not be. */
  private Optional<String> write(Assignment assignment) {
    String namespace = assignment.namespace();
    String pod = assignment.podName();
    AssignmentApi.Recorded recorded = api.find(namespace, pod).orElse(null);
    boolean ofAnother = recorded != null && !recorded.podUid().equals(assignment.podUid());
    if (assignment.isReleased() && (recorded == null || ofAnother)) {
      // The pod is gone, and its record with it.
      return Optional.empty();
    }
    if (recorded != null && ofAnother) {
      if (!recorded.nodeName().equals(assignment.nodeName())) {
        // Which of the two is gone only the garbage collector knows.
        return Optional.of("there is one of a pod of this name on node " + recorded.nodeName());
      }
      api.delete(namespace, pod, recorded.objectUid());
      recorded = null;
    }
    if (recorded == null) {
      api.create(assignment);
    } else if (recorded.assignment().filter(assignment::equals).isPresent()) {
      return Optional.empty();
    }
    api.applyPorts(assignment);
    LOG.atInfo()
        .addKeyValue("pod", namespace + "/" + pod)
        .addKeyValue("ports", assignment.ports().size())
        .log("assignment published");
    return Optional.empty();
  }
}
