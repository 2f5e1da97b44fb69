package io.rdmagid.e2e.demo;

import io.rdmagid.e2e.testbed.Kubectl;
import io.rdmagid.e2e.testbed.Node;
import io.rdmagid.e2e.testbed.Poll;
import io.rdmagid.e2e.testbed.Testbed;
import io.rdmagid.e2e.testbed.TestbedException;
import io.rdmagid.e2e.workload.MoveTimes;
import io.rdmagid.e2e.workload.PingPong;
import io.rdmagid.e2e.workload.Rails;
import io.rdmagid.e2e.workload.RdmaPod;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** The second half of the demo: two pods whose right index differs, and an address that moves. */
final class AllocationTour {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String SERVER = "ping";
  private static final String CLIENT = "pong";

  private final Kubectl kubectl;
  private final Node nodeA;
  private final Node nodeB;

  AllocationTour(Testbed testbed) {
    kubectl = testbed.kubectl();
    nodeA = testbed.nodeA();
    nodeB = testbed.nodeB();
  }

  void run() {
    DemoMain.say(
        "node-a gets a second address on rail0, so that the right index differs:",
        "2 on node-a, 1 on node-b. A pool makes the first rail of each node a resource.");
    // Those of a tour that was interrupted, and the Events of the last.
    removePods();
    String _ = kubectl.kubectl("delete", "events", "--field-selector", MoveTimes.eventsOf(SERVER));
    Rails.shift(nodeA);
    System.out.print(Rails.pool());
    Rails.offer(kubectl, Rails.POOL, Rails.pool(), 2);
    DemoMain.shell("kubectl get rdmagidpools", kubectl.kubectl("get", "rdmagidpools"));

    DemoMain.say("Two pods ask for one device each, and for nothing else about RDMA.");
    System.out.println("      resources: {limits: {rdmagid.io/rail: 1}}");
    RdmaPod server = RdmaPod.create(kubectl, SERVER, RdmaPod.Wish.of(nodeA, Rails.POOL));
    RdmaPod client = RdmaPod.create(kubectl, CLIENT, RdmaPod.Wish.of(nodeB, Rails.POOL));
    server.awaitRunning();
    client.awaitRunning();
    await("the record of both pods", () -> recorded(SERVER, "2") && recorded(CLIENT, "1"));
    DemoMain.shell("kubectl get rdmagidassignments", kubectl.kubectl("get", "rdmagidassignments"));
    DemoMain.shell("kubectl exec ping -- env", environment(server));

    DemoMain.say("Each takes its index from its own environment:");
    show(PingPong.run(server, client, Rails.POOL), true);
    DemoMain.say("The same with the hard-coded 3:");
    show(PingPong.hardCoded(server, client, Rails.POOL, 3), false);

    move();
    removePods();
    String _ = kubectl.kubectl("delete", "rdmagidpool", Rails.POOL, "--wait=true");
    Rails.unshift(nodeA);
  }

  private void removePods() {
    String _ =
        kubectl.kubectl("delete", "pod", SERVER, CLIENT, "--ignore-not-found", "--wait=true");
  }

  /** The address leaves its slot and comes back in another: file, record and Event follow. */
  private void move() {
    DemoMain.say(
        "The first address goes, and 10.10.0.1 comes back in its slot: index 1. From the",
        "command on node-a to where the new index is seen, under emulation:");
    try (MoveTimes times =
        MoveTimes.of(kubectl, SERVER)
            .file(Rails.POOL, "grep -q _GID_INDEX=1$ $file")
            .table("node-a +rxe0 +1 +rail0 +ACTIVE +RoCEv2 +1 +10\\.10\\.0\\.1 ")
            .record(" +node-a +rxe0 +1 +current")
            .annotation("\"index\":1\\b")
            .event("(IndexMoved|Recovered).* index 1 ")
            .begun()) {
      String _ =
          nodeA.sh("ip addr del 192.168.50.1/24 dev rail0; ip addr del 10.10.0.1/24 dev rail0");
      long start = System.nanoTime();
      String _ = nodeA.sh("ip addr add 10.10.0.1/24 dev rail0");
      times.print(start);
    }
    DemoMain.shell(
        "kubectl get events --field-selector " + MoveTimes.eventsOf(SERVER),
        kubectl.kubectl(
            "get",
            "events",
            "--field-selector",
            MoveTimes.eventsOf(SERVER),
            "-o",
            "custom-columns=REASON:.reason,MESSAGE:.message"));
  }

  private boolean recorded(String pod, String index) {
    return kubectl
        .run("get", "rdmagidassignment", pod, "-o", "jsonpath={.status.ports[0].gidIndex}")
        .out()
        .equals(index);
  }

  private static String environment(RdmaPod pod) {
    return pod.sh("env | grep -E 'RDMAGID|NCCL|UCX' | sort");
  }

  /** A demo that shows something else than it says has failed. */
  private static void show(PingPong.Result result, boolean expected) {
    String text = result.client().out() + result.client().err();
    text.lines()
        .filter(line -> !line.isBlank() && !line.startsWith("command terminated"))
        .forEach(line -> System.out.println("  " + line.strip()));
    System.out.println(result.passed() ? "  => passed" : "  => failed");
    if (result.passed() != expected) {
      throw new TestbedException("it should have " + (expected ? "passed" : "failed"));
    }
  }

  private static void await(String what, BooleanSupplier condition) {
    Poll.until(what, PATIENCE, condition, () -> "make testbed-shell NODE=node-a to look");
  }
}
