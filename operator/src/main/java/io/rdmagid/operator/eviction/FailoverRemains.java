package io.rdmagid.operator.eviction;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.rdmagid.api.naming.FieldManagers;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.api.v1alpha1.RdmaGidPoolStatus;
import io.rdmagid.operator.failover.Progress;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * In the place of {@link FailoverReconciler} where nobody is to be evicted, whatever pools say:
 * takes away what one that did has left in the status of pools. Otherwise it would stand for as
 * long as failover is off, and be gone on with when it is on again: by then what was broken is long
 * forgotten.
 */
@ControllerConfiguration(
    name = "failover-remains",
    fieldManager = FieldManagers.FAILOVER,
    // What is looked for stands in the status.
    generationAwareEventProcessing = false,
    maxReconciliationInterval =
        @MaxReconciliationInterval(interval = Constants.NO_MAX_RECONCILIATION_INTERVAL))
@GradualRetry(maxAttempts = -1, initialInterval = 1000, maxInterval = 30_000)
public final class FailoverRemains implements Reconciler<RdmaGidPool> {
  private static final Logger LOG = LoggerFactory.getLogger(FailoverRemains.class);

  private static final Duration SOON = Duration.ofSeconds(1);

  private final KubernetesClient client;

  /**
   * Nothing is read or written before the operator starts it.
   *
   * @param client stays the caller's to close
   */
  public FailoverRemains(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public UpdateControl<RdmaGidPool> reconcile(RdmaGidPool pool, Context<RdmaGidPool> context) {
    UpdateControl<RdmaGidPool> control = UpdateControl.noUpdate();
    return remove(pool) ? control : control.rescheduleAfter(SOON);
  }

  /** False where somebody else wrote meanwhile. */
  boolean remove(RdmaGidPool pool) {
    StatusRecord record = new StatusRecord(client, pool, Progress.NONE);
    RdmaGidPoolStatus status = pool.getStatus();
    if (record.breaker().isEmpty() && (status == null || status.failover() == null)) {
      return true;
    }
    LOG.atInfo()
        .addKeyValue("pool", pool.getMetadata().getName())
        .log("failover is off: what it left is removed");
    return record.write(Progress.NONE, Optional.empty());
  }
}
