package io.rdmagid.operator.assignment;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.rdmagid.api.naming.FieldManagers;
import io.rdmagid.api.naming.PodMetadata;
import io.rdmagid.api.v1alpha1.PoolParser;
import io.rdmagid.operator.event.EventWriter;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@link PodApi} by the fabric8 client. Writes are server-side apply under the operator's field
 * manager with the pod's uid in them: the server refuses them for another pod of the same name
 * (422, the uid cannot change), and for none (409).
 */
final class FabricPodApi implements PodApi {
  /** Conflicts are forced: nobody else has a right to these fields. */
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager(FieldManagers.OPERATOR)
          .withForce(true)
          .build();

  private static final int UNPROCESSABLE = 422;

  private final KubernetesClient client;
  private final EventWriter events;

  FabricPodApi(KubernetesClient client, String instance, Clock clock) {
    this.client = client;
    this.events = new EventWriter(client, instance, clock);
  }

  @Override
  public Optional<PodState> get(String namespace, String name) {
    return Optional.ofNullable(client.pods().inNamespace(namespace).withName(name).get())
        .map(FabricPodApi::state);
  }

  private static PodState state(Pod pod) {
    Map<String, String> annotations =
        Objects.requireNonNullElse(pod.getMetadata().getAnnotations(), Map.of());
    List<PodCondition> conditions =
        pod.getStatus() == null ? List.of() : pod.getStatus().getConditions();
    return new PodState(
        pod.getMetadata().getUid(),
        pod.getMetadata().getDeletionTimestamp() != null,
        annotations.get(PodMetadata.ASSIGNMENT_ANNOTATION),
        conditions.stream()
            .filter(condition -> PodMetadata.GID_ASSIGNED_CONDITION.equals(condition.getType()))
            .findFirst()
            .orElse(null),
        pod.getStatus() == null ? Set.of() : ended(pod.getStatus()),
        pod.getSpec() == null ? Map.of() : asked(pod.getSpec()));
  }

  /** By limits: for resources with a prefix requests are the same. */
  private static Map<String, Map<String, Long>> asked(PodSpec spec) {
    return Stream.of(spec.getInitContainers(), spec.getContainers())
        .flatMap(List::stream)
        .filter(container ->
            container.getResources() != null && container.getResources().getLimits() != null)
        .collect(
            Collectors.toMap(
                Container::getName,
                container ->
                    container.getResources().getLimits().entrySet().stream()
                        .filter(limit -> limit.getKey().startsWith(PoolParser.RESOURCE_PREFIX))
                        .collect(
                            Collectors.toMap(
                                Map.Entry::getKey,
                                limit -> limit.getValue().getNumericalAmount().longValue()))));
  }

  /** Init containers among them; one that is started again is none while it runs. */
  private static Set<String> ended(PodStatus status) {
    return Stream.of(status.getInitContainerStatuses(), status.getContainerStatuses())
        .flatMap(List::stream)
        .filter(container ->
            container.getState() != null && container.getState().getTerminated() != null)
        .map(ContainerStatus::getName)
        .collect(Collectors.toSet());
  }

  @Override
  public void tell(PodRef pod, PodEvent event) {
    events.write(
        EventWriter.pod(pod.namespace(), pod.name(), pod.uid()),
        event.objectName(pod.name(), pod.uid()),
        new EventWriter.Words(
            event.reason().isWarning(), "Copy", event.reason().text(), event.message()));
  }

  @Override
  public Written annotate(PodRef pod, @Nullable String annotation) {
    ObjectMetaBuilder metadata = metadata(pod);
    if (annotation != null) {
      metadata.addToAnnotations(PodMetadata.ASSIGNMENT_ANNOTATION, annotation);
    }
    Pod object = new PodBuilder().withMetadata(metadata.build()).build();
    return write(() -> client.resource(object).patch(APPLY));
  }

  @Override
  public Written setCondition(PodRef pod, PodCondition condition) {
    Pod object =
        new PodBuilder()
            .withMetadata(metadata(pod).build())
            .withNewStatus()
            .withConditions(condition)
            .endStatus()
            .build();
    return write(() -> client.resource(object).subresource("status").patch(APPLY));
  }

  private static ObjectMetaBuilder metadata(PodRef pod) {
    return new ObjectMetaBuilder()
        .withNamespace(pod.namespace())
        .withName(pod.name())
        .withUid(pod.uid());
  }

  private static Written write(Supplier<Pod> request) {
    try {
      Pod _ = request.get();
      return Written.DONE;
    } catch (KubernetesClientException e) {
      if (isAnotherPod(e)) {
        return Written.GONE;
      }
      throw e;
    }
  }

  private static boolean isAnotherPod(KubernetesClientException refusal) {
    return switch (refusal.getCode()) {
      case HttpURLConnection.HTTP_NOT_FOUND, HttpURLConnection.HTTP_CONFLICT -> true;
      case UNPROCESSABLE -> causes(refusal).stream().anyMatch("metadata.uid"::equals);
      default -> false;
    };
  }

  private static List<String> causes(KubernetesClientException refusal) {
    return refusal.getStatus() == null || refusal.getStatus().getDetails() == null
        ? List.of()
        : refusal.getStatus().getDetails().getCauses().stream()
            .map(StatusCause::getField)
            .filter(Objects::nonNull)
            .toList();
  }
}
