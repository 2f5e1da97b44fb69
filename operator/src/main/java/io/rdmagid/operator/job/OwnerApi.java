package io.rdmagid.operator.job;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.rdmagid.api.naming.PodMetadata;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The requests on the API server that tell whose a pod is. Each is one request; a broken connection
 * is a {@link io.fabric8.kubernetes.client.KubernetesClientException}. Safe for use by any thread.
 */
public interface OwnerApi {
  /** The object of that name, whatever its uid. */
  Reading get(String namespace, String apiVersion, String kind, String name);

  /** What became of a request. */
  sealed interface Reading {
    /** There is one. */
    record Found(Owned object) implements Reading {}

    /** There is none. */
    record Absent() implements Reading {}

    /** Whether there is one the operator has no right to know. */
    record Forbidden() implements Reading {}
  }

  /**
   * What matters of an object.
   *
   * @param groupLabel its label {@code rdmagid.io/group}; null where there is none
   * @param replica of which of a LeaderWorkerSet it is, by the label that its pods have of that;
   *     null where there is none
   * @param controller who made it; null where nobody did
   */
  record Owned(
      String uid,
      @Nullable String groupLabel,
      @Nullable String replica,
      @Nullable Owner controller) {
    private static final String REPLICA_LABEL = "leaderworkerset.sigs.k8s.io/group-index";

    /** What the object says of itself. */
    public static Owned of(ObjectMeta metadata) {
      Map<String, String> labels = Objects.requireNonNullElse(metadata.getLabels(), Map.of());
      return new Owned(
          metadata.getUid(),
          labels.get(PodMetadata.GROUP_LABEL),
          labels.get(REPLICA_LABEL),
          metadata.getOwnerReferences().stream()
              .filter(owner -> Boolean.TRUE.equals(owner.getController()))
              .findFirst()
              .map(Owner::of)
              .orElse(null));
    }
  }

  /** An object as another names it. */
  record Owner(String apiVersion, String kind, String name, String uid) {
    private static Owner of(OwnerReference reference) {
      return new Owner(
          reference.getApiVersion(), reference.getKind(), reference.getName(), reference.getUid());
    }

    /** The API group; empty for that of Pods. */
    String apiGroup() {
      int slash = apiVersion.indexOf('/');
      return slash < 0 ? "" : apiVersion.substring(0, slash);
    }
  }
}
