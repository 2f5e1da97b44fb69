package io.rdmagid.e2e.demo;

import io.rdmagid.e2e.agent.AgentInstallation;
import io.rdmagid.e2e.testbed.Node;
import io.rdmagid.e2e.testbed.Poll;
import io.rdmagid.e2e.testbed.Progress;
import io.rdmagid.e2e.testbed.Testbed;
import io.rdmagid.e2e.testbed.TestbedException;
import io.rdmagid.e2e.workload.KubectlWatch;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Brings up the testbed, installs the chart, moves an address and takes a link down, and shows what
 * kubectl shows.
 */
public final class DemoMain {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String MOVING = "10.10.7.7";
  private static final Pattern PUBLISHED =
      Pattern.compile(
          "(\\S+) .*published rdmagid=\"([^\"]+)\" eventAt=\"[^\"]+\" eventToWriteMillis=\"(\\d+)\"");

  private final Testbed testbed;

  private DemoMain(Testbed testbed) {
    this.testbed = testbed;
  }

  /** The process's entry. */
  public static void main(String[] arguments) {
    try {
      new DemoMain(Testbed.up(AgentInstallation::apply)).run();
    } catch (TestbedException e) {
      System.err.println("rdmagid: " + e.getMessage());
      System.exit(1);
    }
  }

  private void run() {
    Node node = testbed.nodeA();
    say(
        "Two virtual machines are nodes of a real cluster, each with software RoCE on",
        "two rail NICs and on a dummy.");
    shell("kubectl get nodes", testbed.kubectl().kubectl("get", "nodes"));

    say("The chart puts an agent on every node.");
    shell("helm upgrade --install rdmagid charts/rdmagid -n " + AgentInstallation.NAMESPACE, "");
    Progress.step("installing", Duration.ofSeconds(150), () -> AgentInstallation.install(testbed));
    prepare(node);
    await("the RdmaGids of both nodes", () -> rows().size() == 2 * 3);

    say("Every RDMA port of the cluster, its address, and the index to use for it.");
    shell("kubectl get rdmagids", testbed.kubectl().kubectl("get", "rdmagids"));
    say("The same with rate, MTU, NUMA node and PCI address (software RoCE has neither).");
    shell(
        "kubectl get rdmagids -o wide", testbed.kubectl().kubectl("get", "rdmagids", "-o", "wide"));

    say("Now " + MOVING + " moves from rail0 to rail1 of node-a, and rail0 goes down.");
    System.out.println("$ kubectl get rdmagids --watch-only");
    Instant start = nodeClock(node);
    try (KubectlWatch watch =
        KubectlWatch.printing(testbed.kubectl(), "get", "rdmagids", "--watch-only")) {
      step(watch, node, "ip addr add " + MOVING + "/24 dev rail0", line -> line.contains("rxe0"));
      step(
          watch,
          node,
          "ip addr del " + MOVING + "/24 dev rail0; ip addr add " + MOVING + "/24 dev rail1",
          line -> line.contains("rxe1"));
      step(
          watch,
          node,
          "ip link set rail0 down",
          line -> line.contains("rxe0") && line.contains("DOWN"));
    }
    times(node, start);
    prepare(node);
    new AllocationTour(testbed).run();
    System.out.printf(
        """

        Look around:
          make testbed-shell NODE=node-a            ibv_devinfo -v, rdma link, ip addr
          e2e/bin/testbed kubectl get rdmagids      any kubectl command
          e2e/bin/testbed kubectl get rdmagidpools,rdmagidassignments
          e2e/bin/testbed kubectl explain rdmagidpool.spec
        Stop it:
          make testbed-down
        """);
  }

  /** Both rails up and with their own addresses only. */
  private static void prepare(Node node) {
    String _ =
        node.sh(
            "ip link set rail0 up; ip addr del %1$s/24 dev rail0 2>/dev/null; ip addr del %1$s/24 dev rail1 2>/dev/null; true"
                .formatted(MOVING));
  }

  private void step(KubectlWatch watch, Node node, String command, Predicate<String> shown) {
    int from = watch.count();
    System.out.println("                                   " + node.name() + "# " + command);
    String _ = node.sh(command);
    await("kubectl to show it", () -> watch.saw(from, shown));
  }

  /** What the agent measured: from the kernel's event to the accepted write. */
  private void times(Node node, Instant start) {
    String pod = AgentInstallation.pod(testbed.kubectl(), node);
    System.out.println();
    say(
        "From the kernel's event to the accepted write, both on the node's clock, under",
        "emulation:");
    testbed
        .kubectl()
        .kubectl("-n", AgentInstallation.NAMESPACE, "logs", pod)
        .lines()
        .map(PUBLISHED::matcher)
        .filter(Matcher::matches)
        .filter(line -> Instant.parse(line.group(1)).isAfter(start))
        .map(line -> "  %-24s %6s ms".formatted(line.group(2), line.group(3)))
        .sorted(Comparator.naturalOrder())
        .forEach(System.out::println);
  }

  private List<String> rows() {
    return testbed.kubectl().kubectl("get", "rdmagids", "--no-headers").lines().toList();
  }

  private static Instant nodeClock(Node node) {
    return Instant.parse(node.sh("date -u +%Y-%m-%dT%H:%M:%SZ").strip());
  }

  private static void await(String what, BooleanSupplier condition) {
    Poll.until(what, PATIENCE, condition, () -> "make testbed-shell NODE=node-a to look");
  }

  static void say(String... lines) {
    System.out.println();
    for (String line : lines) {
      System.out.println("# " + line);
    }
  }

  static void shell(String command, String output) {
    System.out.println("$ " + command);
    System.out.print(output);
  }
}
