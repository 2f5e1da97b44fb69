package io.rdmagid.operator.job;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.net.HttpURLConnection;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link OwnerApi} by the fabric8 client. What may not be read is logged once for each kind. */
public final class FabricOwnerApi implements OwnerApi {
  private static final Logger LOG = LoggerFactory.getLogger(FabricOwnerApi.class);

  private final KubernetesClient client;
  private final Set<String> forbidden = ConcurrentHashMap.newKeySet();

  /**
   * Asks nothing yet.
   *
   * @param client stays the caller's to close
   */
  public FabricOwnerApi(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public Reading get(String namespace, String apiVersion, String kind, String name) {
    int slash = apiVersion.indexOf('/');
    ResourceDefinitionContext context =
        new ResourceDefinitionContext.Builder()
            .withGroup(slash < 0 ? "" : apiVersion.substring(0, slash))
            .withVersion(apiVersion.substring(slash + 1))
            .withKind(kind)
            // Pods, Jobs and StatefulSets: no other kind is asked for.
            .withPlural(kind.toLowerCase(Locale.ROOT) + "s")
            .withNamespaced(true)
            .build();
    try {
      GenericKubernetesResource object =
          client.genericKubernetesResources(context).inNamespace(namespace).withName(name).get();
      return object == null
          ? new Reading.Absent()
          : new Reading.Found(Owned.of(object.getMetadata()));
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        if (forbidden.add(kind)) {
          LOG.atWarn()
              .addKeyValue("kind", kind)
              .addKeyValue("message", e.getMessage())
              .log("whose pods are one job cannot be told in full: reading is forbidden");
        }
        return new Reading.Forbidden();
      }
      throw e;
    }
  }
}
