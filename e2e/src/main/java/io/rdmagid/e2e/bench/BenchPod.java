package io.rdmagid.e2e.bench;

import io.rdmagid.e2e.agent.AgentInstallation;
import io.rdmagid.e2e.testbed.Kubectl;
import io.rdmagid.e2e.testbed.Node;
import io.rdmagid.e2e.testbed.Poll;
import io.rdmagid.e2e.testbed.TestbedException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A pod that runs a program of the bench as the agent runs: in its image, on the host's network,
 * privileged, with the host's /dev.
 */
final class BenchPod implements AutoCloseable {
  /** Where it sees the programs; on the node they are in {@link #ON_NODE}. */
  static final String FOLDER = "/bench";

  static final String ON_NODE = "/var/tmp/rdmagid-bench";

  private static final String NAME = "rdmagid-bench";
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Kubectl kubectl;

  private BenchPod(Kubectl kubectl) {
    this.kubectl = kubectl;
  }

  /** Starts it; one that an interrupted bench left makes place. */
  static BenchPod start(Kubectl kubectl, Node node, List<String> command) {
    BenchPod pod = new BenchPod(kubectl);
    pod.close();
    String _ = kubectl.apply(yaml(node.name(), image(kubectl), command));
    return pod;
  }

  /** The image that the agents run. */
  private static String image(Kubectl kubectl) {
    return kubectl.kubectl(
        "-n",
        AgentInstallation.NAMESPACE,
        "get",
        "daemonset",
        "rdmagid-agent",
        "-o",
        "jsonpath={.spec.template.spec.containers[0].image}");
  }

  static String yaml(String node, String image, List<String> command) {
    return """
    apiVersion: v1
    kind: Pod
    metadata:
      name: %s
      namespace: %s
    spec:
      nodeName: %s
      hostNetwork: true
      restartPolicy: Never
      terminationGracePeriodSeconds: 0
      automountServiceAccountToken: false
      containers:
        - name: bench
          image: %s
          imagePullPolicy: Never
          command: [%s]
          securityContext: {privileged: true}
          # The default is a file under /dev, where nothing can be made.
          terminationMessagePath: /tmp/termination-log
          volumeMounts:
            - {name: dev, mountPath: /dev, readOnly: true}
            - {name: bench, mountPath: %s, readOnly: true}
      volumes:
        - {name: dev, hostPath: {path: /dev}}
        - {name: bench, hostPath: {path: %s}}
    """
        .formatted(
            NAME,
            AgentInstallation.NAMESPACE,
            node,
            image,
            command.stream()
                .map(word -> "'" + word.replace("'", "''") + "'")
                .collect(Collectors.joining(", ")),
            FOLDER,
            ON_NODE);
  }

  /** Waits until it has printed this line. */
  void awaitLine(String line) {
    Poll.until(
        "the bench to print " + line,
        PATIENCE,
        () -> {
          failFast();
          return printed().lines().anyMatch(line::equals);
        },
        this::printed);
  }

  /** What it printed, when it has ended by itself. */
  String awaitEnd() {
    Poll.until(
        "the bench to end",
        PATIENCE,
        () -> {
          failFast();
          return phase().equals("Succeeded");
        },
        this::printed);
    return printed();
  }

  private void failFast() {
    if (phase().equals("Failed")) {
      throw new TestbedException("the bench failed on the node:\n" + printed());
    }
  }

  private String phase() {
    return in("get", "pod", NAME, "-o", "jsonpath={.status.phase}");
  }

  /** Empty while its container is not there yet. */
  private String printed() {
    return in("logs", NAME);
  }

  private String in(String... arguments) {
    List<String> words =
        Stream.concat(Stream.of("-n", AgentInstallation.NAMESPACE), Stream.of(arguments)).toList();
    return kubectl.run(words.toArray(String[]::new)).out();
  }

  @Override
  public void close() {
    String _ =
        kubectl.kubectl(
            "-n",
            AgentInstallation.NAMESPACE,
            "delete",
            "pod",
            NAME,
            "--ignore-not-found",
            "--wait=true");
  }
}
