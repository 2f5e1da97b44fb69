package io.rdmagid.deviceplugin.cluster;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.pace.Jitter;
import io.rdmagid.deviceplugin.workload.HeldPort;
import io.rdmagid.deviceplugin.workload.PortOffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Publishing as a whole: a thread that writes, and a watch on the agent's own Node. Methods may
 * come from any thread.
 */
public final class ClusterPublication implements AutoCloseable {
  private final PublishLoop loop;
  private final Thread thread;
  private final SharedIndexInformer<Node> node;

  private ClusterPublication(PublishLoop loop, Thread thread, SharedIndexInformer<Node> node) {
    this.loop = loop;
    this.thread = thread;
    this.node = node;
  }

  /**
   * Starts to publish; nothing is written before the first inventory. An API server that is away is
   * waited for.
   *
   * @param client stays the caller's to close
   * @param resync how long at least between two readings of what the server has; a random fifth is
   *     added
   * @param nodeLabels gets the Node's labels at first and when they change; must not block
   */
  public static ClusterPublication start(
      KubernetesClient client,
      String nodeName,
      Duration resync,
      PublishMetrics metrics,
      Clock clock,
      Consumer<Map<String, String>> nodeLabels) {
    ClusterPublisher publisher =
        new ClusterPublisher(
            new FabricClusterApi(client, nodeName),
            nodeName,
            metrics,
            WritePace.spread(),
            clock,
            System::nanoTime);
    PublishLoop loop =
        new PublishLoop(publisher, metrics, resync, clock, System::nanoTime, Jitter.random());
    Thread thread = Thread.ofPlatform().name("publish").start(loop);
    SharedIndexInformer<Node> node =
        client
            .nodes()
            .withName(nodeName)
            .runnableInformer(0)
            .addEventHandler(new NodeChanges(loop, nodeLabels))
            .exceptionHandler((_, _) -> true);
    var _ = node.start();
    return new ClusterPublication(loop, thread, node);
  }

  /** The inventory is now this; does not block. */
  public void changed(Inventory inventory, Instant eventAt) {
    loop.changed(inventory, eventAt);
  }

  /**
   * The pools make this of the node's ports now; does not block. Before the first call what the
   * server has of that stays.
   *
   * @param ports those that pools have to do with
   */
  public void offered(Map<HeldPort, PortOffer> ports) {
    loop.offered(ports);
  }

  /** Whether the server has had everything at least once. */
  public boolean hasPublished() {
    return loop.hasPublished();
  }

  /** Whether there is something to publish that has not reached the server for 30 s. */
  public boolean isCutOff() {
    return loop.isCutOff();
  }

  /** Whether the publishing thread is there. */
  public boolean isAlive() {
    return thread.isAlive();
  }

  @Override
  public void close() {
    node.stop();
    thread.interrupt();
  }

  /**
   * Tells when the Node becomes another one, and of its labels. Its status changes all the time,
   * and does not matter.
   */
  private record NodeChanges(PublishLoop loop, Consumer<Map<String, String>> labels)
      implements ResourceEventHandler<Node> {
    @Override
    public void onAdd(Node node) {
      loop.nodeChanged();
      labels.accept(FabricClusterApi.state(node).labels());
    }

    @Override
    public void onUpdate(Node before, Node after) {
      if (!before.getMetadata().getUid().equals(after.getMetadata().getUid())) {
        loop.nodeChanged();
      }
      Map<String, String> newest = FabricClusterApi.state(after).labels();
      if (!newest.equals(FabricClusterApi.state(before).labels())) {
        labels.accept(newest);
      }
    }

    @Override
    public void onDelete(Node node, boolean finalStateUnknown) {
      loop.nodeChanged();
    }
  }
}
