package io.rdmagid.e2e.bench;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.rdmagid.e2e.testbed.Checkout;
import io.rdmagid.e2e.testbed.ControlPlane;
import io.rdmagid.e2e.testbed.Progress;
import io.rdmagid.e2e.testbed.TestbedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The operator with a fleet: its memory, how long it starts, and how long after its record a pod
 * shows what it holds. All on this machine: API server, etcd and whoever writes take of the same
 * processors.
 */
final class OperatorBench {
  /** A fleet of which memory is promised. */
  static final int NODES = 5000;

  private static final int CHANGES = 100;
  private static final Duration BETWEEN = Duration.ofMillis(500);

  private final Path folder = Checkout.root().resolve("e2e/target/bench/operator");
  private final int nodes;
  private final String where;

  /**
   * Nothing is started yet.
   *
   * @param nodes of the fleet, at least a rack
   */
  OperatorBench(int nodes) {
    if (nodes < Fleet.RACK) {
      throw new TestbedException("a fleet has at least %d nodes".formatted(Fleet.RACK));
    }
    this.nodes = nodes;
    this.where =
        "native, %d processors with API server and etcd, %,d nodes × %d ports × 8 entries, %d pods a node"
            .formatted(
                Runtime.getRuntime().availableProcessors(),
                nodes,
                FleetObjects.PORTS,
                FleetObjects.PODS_A_NODE);
  }

  /**
   * What was measured of the process.
   *
   * @param idle its PSS before the changes
   * @param later its PSS after them and the rack
   * @param live what its heap holds then; it is asked for last, as it makes the heap small
   */
  private record Memory(double idle, double later, double live) {}

  Chapter run() {
    try (ControlPlane controlPlane = ControlPlane.start(folder.resolve("control-plane"));
        KubernetesClient client = controlPlane.kubectl().client()) {
      // Without kubelets they would write about each Node.
      controlPlane.stopControllers();
      Fleet fleet = new Fleet(controlPlane, client, nodes);
      fleet.create();
      List<Times> alone = new ArrayList<>();
      Progress.step(
          "a rack without an operator",
          Duration.ofSeconds(10),
          () -> alone.add(writeRack(fleet, 2, (_, _) -> FleetObjects.MOVED).times()));
      Measured measured = operate(fleet, controlPlane, client, alone.getFirst());
      List<Times> published = new ArrayList<>();
      Progress.step(
          "an agent",
          Duration.ofSeconds(60),
          () -> published.add(published(client, controlPlane.kubeconfig("admin"))));
      return chapter(measured, published.getFirst());
    }
  }

  /** What was measured of an operator. */
  private record Measured(double ready, Memory memory, double peak, Times changes, Rack rack) {}

  private Measured operate(
      Fleet fleet, ControlPlane controlPlane, KubernetesClient client, Times alone) {
    long start = System.nanoTime();
    try (MeasuredOperator operator =
            MeasuredOperator.start(folder, controlPlane.kubeconfig("admin"), Fleet.NAMESPACE);
        ShownPods pods = ShownPods.watch(client, FleetObjects.PODS)) {
      Progress.step("the operator reads", Duration.ofSeconds(60), operator::awaitReady);
      double ready = System.nanoTime() - start;
      Progress.step("the operator looks", Duration.ofSeconds(90), operator::awaitQuiet);
      double idle = operator.pssBytes();
      List<Long> changes = new ArrayList<>();
      Progress.step("changes", Duration.ofSeconds(70), () -> changes.addAll(changes(fleet, pods)));
      List<Rack> racks = new ArrayList<>();
      Progress.step("a rack", Duration.ofSeconds(10), () -> racks.add(rack(fleet, pods, alone)));
      return new Measured(
          ready,
          new Memory(idle, operator.pssBytes(), operator.liveBytes()),
          operator.peakBytes(),
          new Times(changes),
          racks.getFirst());
    }
  }

  private Times published(KubernetesClient client, Path kubeconfig) {
    try (PublishedChanges agent =
        PublishedChanges.start(folder, client, kubeconfig, AgentJvm.ofImage())) {
      return agent.measure();
    }
  }

  /** One after the other: nothing else happens meanwhile. */
  private static List<Long> changes(Fleet fleet, ShownPods pods) {
    List<Long> nanos = new ArrayList<>();
    for (int change = 0; change < CHANGES; change++) {
      int node = change % Fleet.RACK;
      int pod = change / Fleet.RACK;
      fleet.writeGids(node, pod, FleetObjects.INDEX);
      long start = System.nanoTime();
      fleet.writeRecord(node, pod, 3, FleetObjects.INDEX);
      nanos.add(pods.await(FleetObjects.podName(node, pod), 3) - start);
      Pause.of(BETWEEN);
    }
    return nanos;
  }

  /** Whether the entry of a pod was among the changes before the rack. */
  private static boolean isChanged(int node, int pod) {
    return pod * Fleet.RACK + node < CHANGES;
  }

  /**
   * A rack that fails over.
   *
   * @param shown from when the first agent writes until each pod shows it
   * @param lags from when a record is written until its pod shows it
   * @param alone from when the first agent writes until a record is written, where there is no
   *     operator: the API server's time
   */
  private record Rack(Times shown, Times lags, Times alone) {
    /** How much longer it takes with an operator. */
    double againstWrites() {
      return shown.longest() / alone.longest();
    }
  }

  /**
   * When the records of a rack were written, by pod.
   *
   * @param begun when the first agent began
   */
  private record Written(long begun, Map<String, Long> ended) {
    Times times() {
      return new Times(ended.values().stream().map(end -> end - begun).toList());
    }
  }

  /** The index at which the entry of a pod is to stand. */
  private interface Index {
    int of(int node, int pod);
  }

  /** Each agent writes its ports and records one after the other, all agents at once. */
  private static Written writeRack(Fleet fleet, long generation, Index index) {
    Map<String, Long> ended = new ConcurrentHashMap<>();
    long begun = System.nanoTime();
    Fleet.atOnce(
        Fleet.RACK,
        Fleet.RACK,
        node -> {
          for (int pod = 0; pod < FleetObjects.PODS_A_NODE; pod++) {
            fleet.writeGids(node, pod, index.of(node, pod));
            fleet.writeRecord(node, pod, generation, index.of(node, pod));
            ended.put(FleetObjects.podName(node, pod), System.nanoTime());
          }
        });
    return new Written(begun, ended);
  }

  private static Rack rack(Fleet fleet, ShownPods pods, Times alone) {
    Written written =
        writeRack(
            fleet,
            4,
            (node, pod) -> isChanged(node, pod) ? FleetObjects.MOVED : FleetObjects.INDEX);
    List<Long> shown = new ArrayList<>();
    List<Long> lags = new ArrayList<>();
    written
        .ended()
        .forEach((pod, at) -> {
          long then = pods.await(pod, 4);
          shown.add(then - written.begun());
          // A watch can be quicker than the answer to who wrote.
          lags.add(Math.max(then - at, 1));
        });
    return new Rack(new Times(shown), new Times(lags), alone);
  }

  private Chapter chapter(Measured measured, Times published) {
    Memory memory = measured.memory();
    Times changes = measured.changes();
    Rack rack = measured.rack();
    String agents =
        where
            + ", an agent with a recording of 8 ports, %d changes, one after the other"
                .formatted(PublishedChanges.CHANGES);
    String changed = where + ", %d changes, one after the other".formatted(CHANGES);
    String failed =
        where
            + ", %d nodes write %d RdmaGids and %d records at once"
                .formatted(
                    Fleet.RACK,
                    Fleet.RACK * FleetObjects.PORTS,
                    Fleet.RACK * FleetObjects.PODS_A_NODE);
    List<Figure> figures =
        List.of(
            Figure.of(
                "the operator's start until it is ready",
                measured.ready(),
                Unit.NANOSECONDS,
                where),
            Figure.of(
                "the operator's heap after the rack and a collection",
                memory.live(),
                Unit.BYTES,
                where),
            new Figure(
                "the operator's memory (PSS), idle",
                memory.idle(),
                Unit.BYTES,
                new Bar.AtMost(512 << 20),
                where),
            new Figure(
                "the same after the changes and the rack",
                memory.later(),
                Unit.BYTES,
                new Bar.AtMost(512 << 20),
                where),
            new Figure(
                "the most that it had at any time (RSS)",
                measured.peak(),
                Unit.BYTES,
                new Bar.AtMost(512 << 20),
                where),
            Figure.of(
                "a table's change to its RdmaGid, p50",
                published.median(),
                Unit.NANOSECONDS,
                agents),
            new Figure(
                "a table's change to its RdmaGid, p99",
                published.p99(),
                Unit.NANOSECONDS,
                new Bar.AtMost(50e6),
                agents),
            Figure.of(
                "an agent's record to the pod's annotation, p50",
                changes.median(),
                Unit.NANOSECONDS,
                changed),
            new Figure(
                "an agent's record to the pod's annotation, p99",
                changes.p99(),
                Unit.NANOSECONDS,
                new Bar.AtMost(100e6),
                changed),
            Figure.of(
                "a rack fails over: a record that is written to its pod's annotation, p99",
                rack.lags().p99(),
                Unit.NANOSECONDS,
                failed),
            Figure.of(
                "a rack's agents write, without an operator",
                rack.alone().longest(),
                Unit.NANOSECONDS,
                failed),
            Figure.of(
                "a rack fails over: all of its pods show it",
                rack.shown().longest(),
                Unit.NANOSECONDS,
                failed),
            new Figure(
                "the same, against the writes without an operator",
                rack.againstWrites(),
                Unit.TIMES,
                new Bar.AtMost(2),
                failed));
    return new Chapter(
        "operator",
        "make bench-native",
        figures,
        new BarPlot(
            "The operator with %,d ports".formatted(nodes * FleetObjects.PORTS),
            "time, logarithmic",
            Unit.NANOSECONDS,
            List.of(
                new BarPlot.Row("table to RdmaGid, p50", published.median()),
                new BarPlot.Row("table to RdmaGid, p99", published.p99()),
                new BarPlot.Row("record to annotation, p50", changes.median()),
                new BarPlot.Row("record to annotation, p99", changes.p99()),
                new BarPlot.Row("a rack: record to annotation, p99", rack.lags().p99()),
                new BarPlot.Row("a rack's writes, without an operator", rack.alone().longest()),
                new BarPlot.Row("a rack: all of its pods", rack.shown().longest()),
                new BarPlot.Row("start until ready", measured.ready()))));
  }
}
