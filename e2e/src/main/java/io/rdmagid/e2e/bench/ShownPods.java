package io.rdmagid.e2e.bench;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.rdmagid.api.naming.PodMetadata;
import io.rdmagid.e2e.testbed.TestbedException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** When pods showed what, as somebody who watches them hears of it. */
final class ShownPods implements Watcher<Pod>, AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final Map<String, CompletableFuture<Long>> shown = new ConcurrentHashMap<>();
  private final Watch watch;

  private ShownPods(KubernetesClient client, String namespace) {
    watch = client.pods().inNamespace(namespace).watch(this);
  }

  static ShownPods watch(KubernetesClient client, String namespace) {
    return new ShownPods(client, namespace);
  }

  @Override
  public void eventReceived(Action action, Pod pod) {
    long now = System.nanoTime();
    Map<String, String> annotations = pod.getMetadata().getAnnotations();
    String text = annotations == null ? null : annotations.get(PodMetadata.ASSIGNMENT_ANNOTATION);
    if (text != null) {
      int from = text.indexOf("\"generation\":") + "\"generation\":".length();
      int to = text.indexOf('}', from);
      boolean _ =
          at(pod.getMetadata().getName(), Long.parseLong(text.substring(from, to))).complete(now);
    }
  }

  @Override
  public void onClose(WatcherException cause) {
    // Who waits says that nothing came.
  }

  private CompletableFuture<Long> at(String pod, long generation) {
    return shown.computeIfAbsent(pod + "/" + generation, _ -> new CompletableFuture<>());
  }

  /** Waits for the annotation of a generation, and says when it came, by {@code nanoTime}. */
  long await(String pod, long generation) {
    try {
      return at(pod, generation).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TestbedException("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new TestbedException(
          "pod %s does not show generation %d after %d s"
              .formatted(pod, generation, LIMIT.toSeconds()),
          e);
    }
  }

  @Override
  public void close() {
    watch.close();
  }
}
