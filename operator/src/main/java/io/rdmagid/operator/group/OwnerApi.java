package io.rdmagid.operator.group;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The requests on the API server that tell whose a pod is. Each is one request; a broken connection
 * is a {@link io.fabric8.kubernetes.client.KubernetesClientException}. Safe for use by any thread.
 */
interface OwnerApi {
  /** The object of that name, whatever its uid; empty where there is none, or none may be read. */
  Optional<Owned> get(String namespace, String apiVersion, String kind, String name);

  /**
   * What matters of an object.
   *
   * @param groupLabel its label {@code rdmagid.io/group}; null where there is none
   * @param controller who made it; null where nobody did
   */
  record Owned(String uid, @Nullable String groupLabel, @Nullable Owner controller) {}

  /** An object as another names it. */
  record Owner(String apiVersion, String kind, String name, String uid) {
    /** The API group; empty for that of Pods. */
    String apiGroup() {
      int slash = apiVersion.indexOf('/');
      return slash < 0 ? "" : apiVersion.substring(0, slash);
    }
  }
}
