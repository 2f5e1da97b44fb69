package io.rdmagid.kubectl.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.rdmagid.api.naming.PodMetadata;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.kubectl.snapshot.PodName;
import io.rdmagid.kubectl.snapshot.Snapshot;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads objects, lists in pages. Each method throws {@link KubernetesClientException} where the
 * server refuses or cannot be reached: {@link Refusal} makes a sentence of it.
 *
 * @param client is closed by whoever made it
 */
public record Cluster(KubernetesClient client) {
  /** Objects a page: 500 RdmaGids of 16 entries are about 3 MB of JSON. */
  private static final long PAGE = 500;

  /**
   * All that there is.
   *
   * @param namespace of the assignments; empty for all
   */
  public Snapshot snapshot(String namespace) {
    return Snapshot.of(ports(), pools(), assignments(namespace), grouped(namespace));
  }

  /** All ports. */
  public List<RdmaGid> ports() {
    return pages(client.resources(RdmaGid.class)::list);
  }

  /** The ports of a node. */
  public List<RdmaGid> ports(String node) {
    return pages(client.resources(RdmaGid.class).withField("spec.nodeName", node)::list);
  }

  /** All pools. */
  public List<RdmaGidPool> pools() {
    return pages(client.resources(RdmaGidPool.class)::list);
  }

  /** The assignments of a namespace; of all for an empty one. */
  public List<RdmaGidAssignment> assignments(String namespace) {
    var assignments = client.resources(RdmaGidAssignment.class);
    return namespace.isEmpty()
        ? pages(assignments.inAnyNamespace()::list)
        : pages(assignments.inNamespace(namespace)::list);
  }

  /** The assignment of a pod. */
  public Optional<RdmaGidAssignment> assignment(PodName pod) {
    return Optional.ofNullable(
        client
            .resources(RdmaGidAssignment.class)
            .inNamespace(pod.namespace())
            .withName(pod.name())
            .get());
  }

  /** The pod. */
  public Optional<Pod> pod(PodName pod) {
    return Optional.ofNullable(
        client.pods().inNamespace(pod.namespace()).withName(pod.name()).get());
  }

  /** The names of the pods that a label selector means. */
  public Set<PodName> pods(String namespace, String selector) {
    return selected(namespace, selector).stream()
        .map(pod -> new PodName(pod.getMetadata().getNamespace(), pod.getMetadata().getName()))
        .collect(Collectors.toSet());
  }

  /** The Events about a pod. */
  public List<Event> events(PodName pod) {
    return pages(
        client
                .events()
                .v1()
                .events()
                .inNamespace(pod.namespace())
                .withField("regarding.kind", "Pod")
                .withField("regarding.name", pod.name())
            ::list);
  }

  private List<Pod> grouped(String namespace) {
    return selected(namespace, PodMetadata.GROUP_LABEL);
  }

  private List<Pod> selected(String namespace, String selector) {
    return namespace.isEmpty()
        ? pages(client.pods().inAnyNamespace().withLabelSelector(selector)::list)
        : pages(client.pods().inNamespace(namespace).withLabelSelector(selector)::list);
  }

  /** All pages; once anew where the server has forgotten what it began to tell (410). */
  private static <T extends HasMetadata> List<T> pages(
      Function<ListOptions, ? extends KubernetesResourceList<T>> list) {
    try {
      return onePass(list);
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_GONE) {
        return onePass(list);
      }
      throw e;
    }
  }

  private static <T extends HasMetadata> List<T> onePass(
      Function<ListOptions, ? extends KubernetesResourceList<T>> list) {
    List<T> all = new ArrayList<>();
    @Nullable String next = null;
    do {
      KubernetesResourceList<T> page =
          list.apply(new ListOptionsBuilder().withLimit(PAGE).withContinue(next).build());
      all.addAll(page.getItems());
      next = page.getMetadata() == null ? null : page.getMetadata().getContinue();
    } while (next != null && !next.isEmpty());
    return all;
  }
}
