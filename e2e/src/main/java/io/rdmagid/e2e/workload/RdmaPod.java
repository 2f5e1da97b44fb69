package io.rdmagid.e2e.workload;

import io.rdmagid.e2e.testbed.Kubectl;
import io.rdmagid.e2e.testbed.Node;
import io.rdmagid.e2e.testbed.Output;
import io.rdmagid.e2e.testbed.Poll;
import io.rdmagid.e2e.testbed.TestbedException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A pod with the RDMA programs that asks for devices and for nothing else about RDMA.
 *
 * @param name also its host name
 * @param container the one that commands run in
 */
public record RdmaPod(Kubectl kubectl, String name, String container) {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /**
   * What differs between pods.
   *
   * @param node where it runs
   * @param scheduled whether the scheduler puts it there, once there is room; else it is there from
   *     the start, and refused where there is none
   * @param limits how many devices of which pool
   * @param hostNetwork whether it has the node's network
   * @param hostUsers whether it has the node's users, or a user namespace of its own
   * @param runtimeClass empty for the default
   * @param first what a shell runs in it before it stays; empty for nothing
   * @param variables what its author sets
   */
  public record Wish(
      Node node,
      boolean scheduled,
      Map<String, Integer> limits,
      boolean hostNetwork,
      boolean hostUsers,
      String runtimeClass,
      String first,
      Map<String, String> variables) {
    /** Devices of pools on a node, in a network of the pod's own. */
    public static Wish of(Node node, Map<String, Integer> limits) {
      return new Wish(node, false, limits, false, true, "", "", Map.of());
    }

    /** One device of one pool. */
    public static Wish of(Node node, String pool) {
      return of(node, Map.of(pool, 1));
    }

    /** The same for the scheduler to place. */
    public Wish byScheduler() {
      return new Wish(node, true, limits, hostNetwork, hostUsers, runtimeClass, first, variables);
    }

    /** The same on the node's network. */
    public Wish onHostNetwork() {
      return new Wish(node, scheduled, limits, true, hostUsers, runtimeClass, first, variables);
    }

    /** The same in a user namespace of its own. */
    public Wish withUsersOfItsOwn() {
      return new Wish(node, scheduled, limits, hostNetwork, false, runtimeClass, first, variables);
    }

    /** The same with another runtime class, and with it another network device. */
    public Wish ofClass(String name) {
      return new Wish(node, scheduled, limits, hostNetwork, hostUsers, name, first, variables);
    }

    /** The same, running a shell's script, which it stays after. */
    public Wish after(String script) {
      return new Wish(
          node, scheduled, limits, hostNetwork, hostUsers, runtimeClass, script, variables);
    }

    /** The same with variables that its author sets. */
    public Wish with(Map<String, String> environment) {
      return new Wish(
          node, scheduled, limits, hostNetwork, hostUsers, runtimeClass, first, environment);
    }
  }

  /** The pod of this name, with its main container. */
  public RdmaPod(Kubectl kubectl, String name) {
    this(kubectl, name, "main");
  }

  /** The same pod, seen from another of its containers. */
  public RdmaPod container(String other) {
    return new RdmaPod(kubectl, name, other);
  }

  /** Makes the pod; it may not run yet. */
  public static RdmaPod create(Kubectl kubectl, String name, Wish wish) {
    String _ = kubectl.apply(yaml(name, wish));
    return new RdmaPod(kubectl, name);
  }

  /** The pod as YAML. */
  public static String yaml(String name, Wish wish) {
    return yaml(name, wish, "");
  }

  /**
   * The pod as YAML, with init containers, as lines at the indentation of {@code spec}'s fields.
   */
  static String yaml(String name, Wish wish, String initContainers) {
    String limits =
        new TreeMap<>(wish.limits())
            .entrySet().stream()
                .map(limit -> "rdmagid.io/%s: %d".formatted(limit.getKey(), limit.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
    String variables =
        new TreeMap<>(wish.variables())
            .entrySet().stream()
                .map(v -> "{name: %s, value: \"%s\"}".formatted(v.getKey(), v.getValue()))
                .collect(Collectors.joining(", ", "[", "]"));
    return """
    apiVersion: v1
    kind: Pod
    metadata:
      name: %s
    spec:
      %s
      hostNetwork: %s
      hostUsers: %s
    %s%s  terminationGracePeriodSeconds: 0
      containers:
        - name: main
          image: localhost/rdma-tools:1
          imagePullPolicy: Never
          command: [sh, -c, '%s']
          env: %s
          resources:
            limits: %s
    """
        .formatted(
            name,
            wish.scheduled()
                ? "nodeSelector: {kubernetes.io/hostname: " + wish.node().name() + "}"
                : "nodeName: " + wish.node().name(),
            wish.hostNetwork(),
            wish.hostUsers(),
            wish.runtimeClass().isEmpty()
                ? ""
                : "  runtimeClassName: " + wish.runtimeClass() + "\n",
            initContainers,
            (wish.first().isEmpty() ? "" : wish.first().replace("'", "''") + "; ")
                + "exec sleep infinity",
            variables,
            limits);
  }

  /** Waits until its container runs. */
  public RdmaPod awaitRunning() {
    Poll.until(
        "pod " + name + " to run",
        PATIENCE,
        () -> unlessFailed("{.status.containerStatuses[0].ready}").equals("true"),
        () -> kubectl.run("describe", "pod", name).out());
    return this;
  }

  /** A field of a pod that is waited for; nobody waits for one that has failed. */
  String unlessFailed(String jsonPath) {
    String state = get("{.status.phase} " + jsonPath);
    if (state.startsWith("Failed")) {
      throw new TestbedException("pod " + name + " failed: " + get("{.status.message}"));
    }
    return state.substring(state.indexOf(' ') + 1);
  }

  /** A field of the pod by its JSON path, empty where there is none. */
  public String get(String jsonPath) {
    return kubectl.run("get", "pod", name, "-o", "jsonpath=" + jsonPath).out();
  }

  /** Runs a shell command in it. */
  public Output run(String command) {
    return kubectl.run("exec", name, "-c", container, "--", "sh", "-c", command);
  }

  /** Standard output of a command that succeeded. */
  public String sh(String command) {
    return run(command).orThrow(name + ": " + command);
  }

  /** The index that its environment names for the first port of a pool. */
  public int index(String pool) {
    return Integer.parseInt(sh("echo $RDMAGID_" + variable(pool) + "_0_GID_INDEX").strip());
  }

  /** The index that the file of a pool names now; empty where it names none. */
  public String indexInFile(String pool) {
    return sh("sed -n 's/^export RDMAGID_"
            + variable(pool)
            + "_0_GID_INDEX=//p' /run/rdmagid/"
            + pool
            + "/env")
        .strip();
  }

  /** Deletes the pod and waits until it is gone. */
  public void delete() {
    String _ = kubectl.kubectl("delete", "pod", name, "--ignore-not-found", "--wait=true");
  }

  /** A pool's name as it stands in variables. */
  static String variable(String pool) {
    return pool.toUpperCase(Locale.ROOT).replace('-', '_');
  }
}
