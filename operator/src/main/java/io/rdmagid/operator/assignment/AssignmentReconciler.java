package io.rdmagid.operator.assignment;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.rdmagid.api.naming.FieldManagers;
import io.rdmagid.api.v1alpha1.AssignmentMapping;
import io.rdmagid.api.v1alpha1.Parsed;
import io.rdmagid.api.v1alpha1.ParsedAssignment;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.assignment.Assignment;
import io.rdmagid.operator.assignment.PodApi.PodRef;
import java.time.Clock;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Shows on each pod what its RdmaGidAssignment says. The pod is read when it is needed: nobody
 * watches the cluster's pods.
 */
@ControllerConfiguration(
    name = "assignment",
    fieldManager = FieldManagers.OPERATOR,
    // The agent writes the status, which has no generation.
    generationAwareEventProcessing = false,
    maxReconciliationInterval =
        @MaxReconciliationInterval(interval = Constants.NO_MAX_RECONCILIATION_INTERVAL))
@GradualRetry(maxAttempts = -1, initialInterval = 500, maxInterval = 30_000)
public final class AssignmentReconciler implements Reconciler<RdmaGidAssignment> {
  private final PodCopy copy;

  /**
   * Nothing is read or written before the operator starts it.
   *
   * @param client stays the caller's to close
   * @param instance names this operator among others in Events, at most 128 characters
   * @param clock tells the time of Events and when a condition changes its status
   */
  public AssignmentReconciler(KubernetesClient client, String instance, Clock clock) {
    this.copy = new PodCopy(new FabricPodApi(client, instance, clock), clock);
  }

  @Override
  public UpdateControl<RdmaGidAssignment> reconcile(
      RdmaGidAssignment object, Context<RdmaGidAssignment> context) {
    // The agent makes the object first and writes its status then.
    if (object.getStatus() != null) {
      show(object);
    }
    return UpdateControl.noUpdate();
  }

  private void show(RdmaGidAssignment object) {
    switch (AssignmentMapping.parse(object)) {
      case ParsedAssignment.Valid(Assignment assignment) -> {
        // A pod that has ended shows what it had.
        if (!assignment.isReleased()) {
          copy.show(
              new PodRef(assignment.namespace(), assignment.podName(), assignment.podUid()),
              assignment.ports());
        }
      }
      case ParsedAssignment.Invalid(List<Parsed.Problem> problems) -> {
        String podUid = object.getSpec() == null ? null : object.getSpec().podUID();
        if (podUid != null) {
          copy.showNotUnderstood(
              new PodRef(
                  object.getMetadata().getNamespace(), object.getMetadata().getName(), podUid),
              problems.stream().map(Parsed.Problem::toString).collect(Collectors.joining("; ")));
        }
      }
    }
  }
}
