package io.rdmagid.operator.eviction;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.rdmagid.api.condition.Conditions;
import io.rdmagid.api.naming.FieldManagers;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.api.v1alpha1.RdmaGidPoolStatus;
import io.rdmagid.operator.failover.Progress;
import io.rdmagid.operator.failover.ProgressMapping;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Optional;

/**
 * Progress in the status of a pool, with the breaker's condition beside it: what {@link
 * FieldManagers#FAILOVER} owns. Written with the resourceVersion that was read, and read from what
 * the server answered.
 */
final class StatusRecord implements PoolRecord {
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager(FieldManagers.FAILOVER)
          .withForce(true)
          .build();

  private final KubernetesClient client;
  private RdmaGidPool pool;
  private Progress progress;

  StatusRecord(KubernetesClient client, RdmaGidPool pool, Progress progress) {
    this.client = client;
    this.pool = pool;
    this.progress = progress;
  }

  @Override
  public Progress progress() {
    return progress;
  }

  @Override
  public boolean write(Progress next) {
    return write(next, breaker());
  }

  @Override
  public boolean stands() {
    RdmaGidPool now =
        client.resources(RdmaGidPool.class).withName(pool.getMetadata().getName()).get();
    return now != null
        && now.getMetadata().getResourceVersion().equals(pool.getMetadata().getResourceVersion());
  }

  /** The breaker's condition as it is written down. */
  Optional<Condition> breaker() {
    RdmaGidPoolStatus status = pool.getStatus();
    return Conditions.find(
        status == null ? List.of() : status.conditions(), RdmaGidPoolStatus.BREAKER_OPEN);
  }

  /** Like {@link #write(Progress)}, with a condition to write instead. */
  boolean write(Progress next, Optional<Condition> breaker) {
    RdmaGidPool applied = new RdmaGidPool();
    applied.setMetadata(
        new ObjectMetaBuilder()
            .withName(pool.getMetadata().getName())
            .withResourceVersion(pool.getMetadata().getResourceVersion())
            .build());
    applied.setStatus(
        new RdmaGidPoolStatus(
            null,
            null,
            null,
            null,
            null,
            ProgressMapping.status(next),
            breaker.map(List::of).orElse(List.of())));
    try {
      pool = client.resource(applied).subresource("status").patch(APPLY);
      progress = next;
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT
          || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }
}
