package io.rdmagid.e2e.bench;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.rdmagid.api.naming.PodMetadata;
import java.time.Duration;
import java.util.Map;

/** When pods showed what, as somebody who watches them hears of it. */
final class ShownPods implements Watcher<Pod>, AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final Moments shown = new Moments();
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
      shown.seen(key(pod.getMetadata().getName(), Long.parseLong(text.substring(from, to))), now);
    }
  }

  @Override
  public void onClose(WatcherException cause) {
    // Who waits says that nothing came.
  }

  private static String key(String pod, long generation) {
    return pod + "/" + generation;
  }

  /** Waits for the annotation of a generation, and says when it came, by {@code nanoTime}. */
  long await(String pod, long generation) {
    return shown.await(
        key(pod, generation),
        LIMIT,
        "pod %s does not show generation %d after %d s"
            .formatted(pod, generation, LIMIT.toSeconds()));
  }

  @Override
  public void close() {
    watch.close();
  }
}
