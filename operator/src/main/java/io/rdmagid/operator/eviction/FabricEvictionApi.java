package io.rdmagid.operator.eviction;

import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.api.model.policy.v1.Eviction;
import io.fabric8.kubernetes.api.model.policy.v1.EvictionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.rdmagid.operator.failover.Notice;
import io.rdmagid.operator.failover.PodRef;
import io.rdmagid.operator.server.Refusal;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The eviction API of policy/v1 (Kubernetes, pkg/registry/core/pod/storage/eviction.go): 429 where
 * a disruption budget has nothing left, with the budget among the causes, or where the server has
 * too much to do; 409 where the pod has another uid, but also where it changed meanwhile; 500 where
 * more than one budget is for the pod. A webhook can refuse with any code below 500 (403 where it
 * names none), and so does a namespace that is being deleted.
 *
 * <p>That API asks no budget for a pod that has ended, and deletes it, with what its containers
 * left to read; and of one that somebody deleted it can cut the time that it has. So a pod is read
 * first, and neither is touched. A pod that it deletes it gives a condition before, by which those
 * are told from what others delete.
 */
final class FabricEvictionApi implements EvictionApi {
  private final KubernetesClient client;
  private final FailoverEvents events;
  private final EvictionCounts counts;

  FabricEvictionApi(KubernetesClient client, FailoverEvents events, EvictionCounts counts) {
    this.client = client;
    this.events = events;
    this.counts = counts;
  }

  @Override
  public Outcome evict(PodRef pod, boolean dryRun) {
    return switch (life(pod).orElse(PodLife.ENDED)) {
      case ENDED -> new Outcome.Gone();
      // Perhaps by the same eviction, whose answer did not come; not before there was one.
      case EVICTED -> dryRun ? new Outcome.Leaving() : new Outcome.Evicted();
      case LEAVING -> new Outcome.Leaving();
      case RUNNING -> {
        Outcome outcome = ask(pod, dryRun);
        if (!dryRun) {
          counts.add(outcome);
        }
        yield outcome;
      }
    };
  }

  /** Empty where there is no pod of that uid. */
  private Optional<PodLife> life(PodRef pod) {
    return Optional.ofNullable(
            client.pods().inNamespace(pod.namespace()).withName(pod.name()).get())
        .filter(found -> pod.uid().equals(found.getMetadata().getUid()))
        .map(PodLife::of);
  }

  private Outcome ask(PodRef pod, boolean dryRun) {
    Eviction eviction =
        new EvictionBuilder()
            .withNewMetadata()
            .withNamespace(pod.namespace())
            .withName(pod.name())
            .endMetadata()
            .withDeleteOptions(
                new DeleteOptionsBuilder()
                    .withNewPreconditions()
                    .withUid(pod.uid())
                    .endPreconditions()
                    .withDryRun(dryRun ? List.of("All") : List.of())
                    .build())
            .build();
    try {
      // The client's own evict() keeps neither what the server says nor when to ask again.
      String _ =
          client.raw(
              "/api/v1/namespaces/%s/pods/%s/eviction".formatted(pod.namespace(), pod.name()),
              "POST",
              eviction);
      return new Outcome.Evicted();
    } catch (KubernetesClientException e) {
      return switch (e.getCode()) {
        case HttpURLConnection.HTTP_NOT_FOUND -> new Outcome.Gone();
        case HttpURLConnection.HTTP_CONFLICT ->
            life(pod).isPresent() ? refused("Refused", e) : new Outcome.Gone();
        case Refusal.TOO_MANY_REQUESTS ->
            refused(causes(e.getStatus()).isEmpty() ? "Refused" : "DisruptionBudget", e);
        default -> {
          // One pod that cannot be evicted is not to hold up the others of the pool.
          if (Refusal.isOne(e) || e.getCode() == HttpURLConnection.HTTP_INTERNAL_ERROR) {
            yield refused("Refused", e);
          }
          throw e;
        }
      };
    }
  }

  private static Outcome refused(String reason, KubernetesClientException refusal) {
    Status status = refusal.getStatus();
    Integer seconds =
        status == null || status.getDetails() == null
            ? null
            : status.getDetails().getRetryAfterSeconds();
    String message =
        status == null || status.getMessage() == null
            ? "the server answered " + refusal.getCode()
            : Stream.concat(
                    Stream.of(status.getMessage()),
                    causes(status).stream().map(StatusCause::getMessage))
                .collect(Collectors.joining(" "));
    return new Outcome.Refused(
        reason, message, Optional.ofNullable(seconds).map(Duration::ofSeconds));
  }

  private static List<StatusCause> causes(@Nullable Status status) {
    StatusDetails details = status == null ? null : status.getDetails();
    return details == null
        ? List.of()
        : details.getCauses().stream()
            .filter(cause -> "DisruptionBudget".equals(cause.getReason()))
            .toList();
  }

  @Override
  public void tell(Notice notice) {
    events.tell(notice);
  }
}
