package io.rdmagid.operator.group;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.rdmagid.api.naming.PodMetadata;
import java.net.HttpURLConnection;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** {@link OwnerApi} by the fabric8 client. */
final class FabricOwnerApi implements OwnerApi {
  private final KubernetesClient client;

  FabricOwnerApi(KubernetesClient client) {
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
      return Optional.ofNullable(object).map(found -> owned(found.getMetadata()));
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static Owned owned(ObjectMeta metadata) {
    return new Owned(
        metadata.getUid(),
        Objects.requireNonNullElse(metadata.getLabels(), Map.<String, String>of())
            .get(PodMetadata.GROUP_LABEL),
        metadata.getOwnerReferences().stream()
            .filter(owner -> Boolean.TRUE.equals(owner.getController()))
            .findFirst()
            .map(FabricOwnerApi::owner)
            .orElse(null));
  }

  private static Owner owner(OwnerReference reference) {
    return new Owner(
        reference.getApiVersion(), reference.getKind(), reference.getName(), reference.getUid());
  }
}
