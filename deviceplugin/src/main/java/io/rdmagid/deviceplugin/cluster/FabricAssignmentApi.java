package io.rdmagid.deviceplugin.cluster;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.rdmagid.api.v1alpha1.AssignmentMapping;
import io.rdmagid.api.v1alpha1.ParsedAssignment;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.api.v1alpha1.RdmaGidAssignmentSpec;
import io.rdmagid.assignment.Assignment;
import java.util.Optional;

/** {@link AssignmentApi} by the fabric8 client; writes are server-side apply. */
final class FabricAssignmentApi implements AssignmentApi {
  private final KubernetesClient client;

  FabricAssignmentApi(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public Optional<Recorded> find(String namespace, String podName) {
    return Optional.ofNullable(resource(namespace, podName).get()).map(FabricAssignmentApi::read);
  }

  /** What an object says. Never throws. */
  static Recorded read(RdmaGidAssignment object) {
    Optional<RdmaGidAssignmentSpec> spec = Optional.ofNullable(object.getSpec());
    return new Recorded(
        object.getMetadata().getUid(),
        spec.map(RdmaGidAssignmentSpec::podUID).orElse(""),
        spec.map(RdmaGidAssignmentSpec::nodeName).orElse(""),
        AssignmentMapping.parse(object) instanceof ParsedAssignment.Valid(Assignment assignment)
            ? Optional.of(assignment)
            : Optional.empty());
  }

  @Override
  public void create(Assignment assignment) {
    RdmaGidAssignment object = AssignmentMapping.object(assignment);
    object.setStatus(null);
    client.resource(object).patch(FabricClusterApi.APPLY);
  }

  @Override
  public void applyPorts(Assignment assignment) {
    RdmaGidAssignment object = AssignmentMapping.object(assignment);
    object.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(assignment.namespace())
            .withName(assignment.podName())
            .build());
    object.setSpec(null);
    client.resource(object).subresource("status").patch(FabricClusterApi.APPLY);
  }

  @Override
  public void delete(String namespace, String podName, String objectUid) {
    RdmaGidAssignment object = new RdmaGidAssignment();
    object.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(namespace)
            .withName(podName)
            .withUid(objectUid) // the client makes it a precondition
            .build());
    client.resource(object).delete();
  }

  private Resource<RdmaGidAssignment> resource(String namespace, String podName) {
    return client.resources(RdmaGidAssignment.class).inNamespace(namespace).withName(podName);
  }
}
