package io.rdmagid.operator.job;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.net.HttpURLConnection;
import java.util.Locale;
import java.util.Optional;

/** {@link OwnerApi} by the fabric8 client. */
public final class FabricOwnerApi implements OwnerApi {
  private final KubernetesClient client;

  /**
   * Asks nothing yet.
   *
   * @param client stays the caller's to close
   */
  public FabricOwnerApi(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public Optional<Owned> get(String namespace, String apiVersion, String kind, String name) {
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
      return Optional.ofNullable(object).map(found -> Owned.of(found.getMetadata()));
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
