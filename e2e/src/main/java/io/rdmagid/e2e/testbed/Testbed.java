package io.rdmagid.e2e.testbed;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The control plane and both nodes, with all their files in one folder of the cache. It outlives
 * the JVM that started it, so that the next one finds it up; {@link #down} ends it, and nothing
 * else does.
 */
public final class Testbed {
  // What it was started with counts as changed when this does: raise it with the way it is started.
  private static final String LAYOUT = "6";
  private static final Duration RECOVERY = Duration.ofSeconds(90);
  private static final Duration READY = Duration.ofMinutes(4);

  private final Path directory;
  private final Artefacts artefacts;
  private final ControlPlane controlPlane;
  private final List<Node> nodes;
  private final HostOperator operator;

  private Testbed(Path directory, Artefacts artefacts) {
    this.directory = directory;
    this.artefacts = artefacts;
    controlPlane = ControlPlane.ofTestbed(directory.resolve("control-plane"), artefacts.kube());
    nodes = List.of(node("node-a", 1), node("node-b", 2));
    operator = new HostOperator(directory, controlPlane);
  }

  private Node node(String name, int number) {
    Ssh ssh = new Ssh("10.77.0.1" + number, artefacts.sshKey(), directory);
    return new Node(name, number, controlPlane.kubectl(), ssh, directory);
  }

  /**
   * The testbed, up: as an earlier run left it where that is still the same, else started afresh.
   */
  public static Testbed up() {
    return up(_ -> {});
  }

  /**
   * The same.
   *
   * @param meanwhile what can be done with nodes that have booted and are not Ready yet; left out
   *     where the testbed is up already
   */
  public static Testbed up(Consumer<Testbed> meanwhile) {
    Testbed testbed = attach();
    return testbed.locked(() -> {
      if (!testbed.getsUp()) {
        testbed.start(meanwhile);
      }
      return testbed;
    });
  }

  /** The testbed as it is, up or not. */
  public static Testbed attach() {
    Network.requireNamespace();
    Path directory = directory();
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Testbed(directory, Artefacts.load());
  }

  /** Ends the testbed where one is up; where none ever was, what its nodes need may be missing. */
  public static void end() {
    if (Files.exists(state(directory()))) {
      attach().down();
    }
  }

  private static Path directory() {
    Function<String, String> variable = name -> System.getenv().getOrDefault(name, "");
    String own = variable.apply("RDMAGID_CACHE");
    if (!own.isEmpty()) {
      return Path.of(own, "testbed");
    }
    String caches = variable.apply("XDG_CACHE_HOME");
    Path cache = caches.isEmpty() ? Path.of(variable.apply("HOME"), ".cache") : Path.of(caches);
    return cache.resolve("rdmagid/testbed");
  }

  /** Whether it runs, answers, and is made from what is prepared now. */
  public boolean isUp() {
    return isReusable() && nodes.stream().allMatch(Node::isReady);
  }

  private boolean isReusable() {
    return madeFrom().equals(recorded())
        && controlPlane.isUp()
        && nodes.stream().allMatch(Node::isPowered);
  }

  /**
   * Whether it is up, or gets up by itself: a test that ended early may have left a node booting.
   */
  private boolean getsUp() {
    return isReusable() && Poll.holds(RECOVERY, this::isUp);
  }

  private void start(Consumer<Testbed> meanwhile) {
    stop();
    controlPlane.startAfresh(List.of());
    share();
    Path disk = new NodeDisk(artefacts, directory).make();
    nodes.forEach(node -> node.start(artefacts, disk));
    Progress.step(
        "booting the nodes", Duration.ofSeconds(40), () -> nodes.forEach(Node::awaitBoot));
    Progress.step(
        "waiting for the nodes to be Ready",
        Duration.ofSeconds(60),
        () -> {
          meanwhile.accept(this);
          awaitServices();
        });
    record();
  }

  /**
   * A class for each of containerd's runtimes besides its default, which is crun: those whose pods
   * have netdevs of their own, runc, and crun once more by a name of virtual machines.
   */
  private void applyRuntimeClasses() {
    for (String kind : List.of("macvlan", "ipvlan", "vlan", "runc", "kata")) {
      String _ =
          kubectl()
              .apply(
                  "{apiVersion: node.k8s.io/v1, kind: RuntimeClass, metadata: {name: %1$s}, handler: %1$s}"
                      .formatted(kind));
    }
  }

  private void awaitServices() {
    applyRuntimeClasses();
    nodes.forEach(Node::awaitReady);
    for (Node node : nodes) {
      Poll.until(
          "kube-proxy of " + node.name(),
          READY,
          () -> node.run("iptables-save -t nat | grep -q KUBE-SVC").ok(),
          () -> "see " + node.log("kube-proxy"));
    }
  }

  /** What the nodes see at /share. */
  private void share() {
    try {
      Path share = directory.resolve("share");
      FileTree.delete(share);
      Path kubeconfigs = Files.createDirectories(share.resolve("kubeconfig"));
      for (String user : List.of("node-a", "node-b", "kube-proxy")) {
        Path from = controlPlane.kubeconfig(user);
        Files.copy(
            from, kubeconfigs.resolve(user + ".kubeconfig"), StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void down() {
    boolean _ =
        locked(() -> {
          stop();
          return true;
        });
  }

  private void stop() {
    try {
      Files.deleteIfExists(state());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    operator.stop();
    nodes.forEach(Node::stop);
    controlPlane.stop();
  }

  public List<Node> nodes() {
    return nodes;
  }

  /** One of node-a and node-b. */
  public Node node(String name) {
    return nodes.stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new TestbedException("no node " + name + ": there are node-a, node-b"));
  }

  public Node nodeA() {
    return nodes.getFirst();
  }

  public Node nodeB() {
    return nodes.getLast();
  }

  public ControlPlane controlPlane() {
    return controlPlane;
  }

  /** The operator beside the control plane, running or not. */
  public HostOperator operator() {
    return operator;
  }

  public Kubectl kubectl() {
    return controlPlane.kubectl();
  }

  /** Ends the API server, so that nobody reaches it, until {@link #restoreApiServer}. */
  public void cutApiServer() {
    controlPlane.stopApiServer();
  }

  public void restoreApiServer() {
    controlPlane.startApiServer();
  }

  /** Standard output of a helm that succeeded. */
  public String helm(String... arguments) {
    List<String> words = new ArrayList<>(List.of(artefacts.helm().toString()));
    words.addAll(List.of("--kubeconfig", controlPlane.kubeconfig("admin").toString()));
    words.addAll(List.of(arguments));
    return Command.of(words).within(Duration.ofMinutes(10)).sh();
  }

  public List<AuditEvent> writesBy(String usernamePrefix, Instant since) {
    return controlPlane.writesBy(usernamePrefix, since);
  }

  /** Where its state, logs and disks are. */
  public Path folder() {
    return directory;
  }

  private Properties madeFrom() {
    Properties made = new Properties();
    made.setProperty("layout", LAYOUT);
    for (Path part :
        List.of(
            artefacts.kube(),
            artefacts.nodeImage(),
            artefacts.nodeKernel(),
            artefacts.nodeInitramfs())) {
      made.setProperty(part.getFileName().toString(), part.toString());
    }
    return made;
  }

  private Properties recorded() {
    Properties recorded = new Properties();
    if (Files.exists(state())) {
      try (Reader reader = Files.newBufferedReader(state())) {
        recorded.load(reader);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return recorded;
  }

  private void record() {
    try (Writer writer = Files.newBufferedWriter(state())) {
      madeFrom().store(writer, "what the testbed that is up was made from");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path state() {
    return state(directory);
  }

  private static Path state(Path directory) {
    return directory.resolve("state.properties");
  }

  /** One JVM at a time starts it or ends it. */
  private <T> T locked(Supplier<T> work) {
    try (FileChannel channel =
            FileChannel.open(
                directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      return work.get();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
