package io.rdmagid.operator.cleaning;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.operator.fact.PublishedPort;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.Set;

/** {@link CleaningApi} by the fabric8 client. */
final class FabricCleaningApi implements CleaningApi {
  private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

  private final KubernetesClient client;

  FabricCleaningApi(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public Optional<String> nodeUid(String name) {
    return Optional.ofNullable(client.nodes().withName(name).get())
        .map(node -> node.getMetadata().getUid());
  }

  @Override
  public Optional<PodState> pod(String namespace, String name) {
    return Optional.ofNullable(client.pods().inNamespace(namespace).withName(name).get())
        .map(FabricCleaningApi::state);
  }

  private static PodState state(Pod pod) {
    String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
    return new PodState(pod.getMetadata().getUid(), phase != null && ENDED.contains(phase));
  }

  @Override
  public Optional<OwnedGid> gid(String name) {
    return Optional.ofNullable(client.resources(RdmaGid.class).withName(name).get())
        .flatMap(object ->
            PublishedPort.of(object)
                .map(port ->
                    new OwnedGid(version(object), port.facts().ref().node(), port.owners())));
  }

  @Override
  public Optional<FoundRecord> assignment(String namespace, String name) {
    return Optional.ofNullable(
            client.resources(RdmaGidAssignment.class).inNamespace(namespace).withName(name).get())
        .flatMap(
            object -> PodRecord.of(object).map(record -> new FoundRecord(version(object), record)));
  }

  private static Version version(HasMetadata object) {
    ObjectMeta metadata = object.getMetadata();
    return new Version(metadata.getName(), metadata.getResourceVersion());
  }

  @Override
  public Deleted deleteGid(Version version) {
    RdmaGid object = new RdmaGid();
    object.setMetadata(new ObjectMetaBuilder().withName(version.name()).build());
    return delete(object, version);
  }

  @Override
  public Deleted deleteAssignment(String namespace, Version version) {
    RdmaGidAssignment object = new RdmaGidAssignment();
    object.setMetadata(
        new ObjectMetaBuilder().withNamespace(namespace).withName(version.name()).build());
    return delete(object, version);
  }

  /** The client makes the resourceVersion a precondition. */
  private <R extends HasMetadata> Deleted delete(R object, Version version) {
    try {
      boolean found =
          !client
              .resource(object)
              .lockResourceVersion(version.resourceVersion())
              .delete()
              .isEmpty();
      return found ? Deleted.DONE : Deleted.CHANGED;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return Deleted.CHANGED;
      }
      throw e;
    }
  }
}
