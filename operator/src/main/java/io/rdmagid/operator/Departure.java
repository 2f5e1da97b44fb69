package io.rdmagid.operator;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.rdmagid.operator.fact.OperatorLease;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How an operator goes that is told to: it stops deciding, then lets go of its Lease, so that
 * another leads at its next try and not when the Lease has run out. The SDK never does the latter
 * (5.3.2, LeaderElectionManager: releaseOnCancel is false).
 *
 * @param namespace of the Lease
 * @param identity of this operator, as the Lease names it
 * @param stop ends all that decides, and the renewal of the Lease
 * @param longest how long all of it may take; the Lease runs out by itself then
 */
record Departure(
    KubernetesClient client, String namespace, String identity, Runnable stop, Duration longest) {
  private static final Logger LOG = LoggerFactory.getLogger(Departure.class);

  /** Returns when it is done, has failed or has taken too long; called once, by any thread. */
  void leave() {
    Thread leaving = Thread.ofPlatform().daemon().name("departure").start(this::stopAndLetGo);
    try {
      if (!leaving.join(longest)) {
        LOG.atWarn().log("the Lease is not let go of: it takes too long");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void stopAndLetGo() {
    try {
      stop.run();
      letGo();
    } catch (RuntimeException e) {
      LOG.atWarn().setCause(e).log("the Lease is not let go of");
    }
  }

  /** Written with the resourceVersion that was read: who took it meanwhile keeps it. */
  private void letGo() {
    Lease lease = client.leases().inNamespace(namespace).withName(OperatorLease.NAME).get();
    if (lease != null
        && lease.getSpec() != null
        && identity.equals(lease.getSpec().getHolderIdentity())) {
      lease.getSpec().setHolderIdentity(null);
      Lease _ = client.resource(lease).update();
      LOG.atInfo().log("the Lease is let go of");
    }
  }
}
