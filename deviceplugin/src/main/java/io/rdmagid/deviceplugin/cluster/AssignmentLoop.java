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
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the record of what pods hold, the newest of each pod: while the API server is away they
 * pile up into one. An object is read before it is written, so an agent that restarts writes
 * nothing that is there. {@link #run} is the whole life of its thread, which ends when it is
 * interrupted; the other methods may come from any thread.
 */
public final class AssignmentLoop implements Runnable, AssignmentReports {
  private static final Logger LOG = LoggerFactory.getLogger(AssignmentLoop.class);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

  private static final int UNPROCESSABLE = 422;

  private final AssignmentApi api;
  private final Standstill standstill;
  private final Pauses pauses = new Pauses(Jitter.random());
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  private final LinkedHashMap<String, Assignment> waiting = new LinkedHashMap<>();

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
    lock.lock();
    try {
      waiting.put(assignment.podUid(), assignment);
      woken.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void run() {
    int failures = 0;
    try {
      while (true) {
        Assignment next = take();
        standstill.asks();
        try {
          write(next);
          standstill.answered();
          failures = 0;
        } catch (KubernetesClientException e) {
          if (ClusterPublisher.concernsOneObject(e.getCode())) {
            standstill.answered();
          }
          if (isFinal(e)) {
            LOG.atWarn()
                .addKeyValue("pod", next.namespace() + "/" + next.podName())
                .addKeyValue("reason", e.getMessage())
                .log("record of a pod refused");
          } else {
            giveBack(next);
            Duration pause = pauses.afterFailure(failures++, LONGEST_RETRY);
            LOG.atWarn()
                .addKeyValue("reason", e.getMessage())
                .addKeyValue("retryMillis", pause.toMillis())
                .log("record of a pod not written yet");
            TimeUnit.MILLISECONDS.sleep(pause.toMillis());
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(Assignment assignment) {
    String namespace = assignment.namespace();
    String pod = assignment.podName();
    AssignmentApi.Recorded recorded = api.find(namespace, pod).orElse(null);
    boolean ofAnother = recorded != null && !recorded.podUid().equals(assignment.podUid());
    if (assignment.isReleased() && (recorded == null || ofAnother)) {
      // The pod is gone, and its record with it.
      return;
    }
    if (recorded != null && ofAnother) {
      api.delete(namespace, pod, recorded.objectUid());
      recorded = null;
    }
    if (recorded == null) {
      api.create(assignment);
    } else if (recorded.assignment().filter(assignment::equals).isPresent()) {
      return;
    }
    api.applyPorts(assignment);
    LOG.atInfo()
        .addKeyValue("pod", namespace + "/" + pod)
        .addKeyValue("ports", assignment.ports().size())
        .log("assignment published");
  }

  /**
   * The server will say the same again: the object makes no sense to an older CRD (422), or its
   * namespace is gone with the pod (404).
   */
  private static boolean isFinal(KubernetesClientException e) {
    return switch (e.getCode()) {
      case HttpURLConnection.HTTP_NOT_FOUND, UNPROCESSABLE -> true;
      default -> false;
    };
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
