package io.rdmagid.e2e.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * etcd, kube-apiserver, kube-controller-manager and kube-scheduler as processes of this machine.
 * They live in one folder with their data, credentials, logs and the API server's audit log, and
 * outlive the JVM that started them; whoever started them, or attached to them, ends them with
 * {@link #stop}.
 */
public final class ControlPlane implements AutoCloseable {
  private static final Duration READY = Duration.ofSeconds(90);

  /**
   * This machine in the testbed's namespace: the "kubernetes" Service, and any other, takes no
   * loopback address.
   */
  public static final String ADVERTISED = "10.77.0.1";

  private final Path directory;
  private final Path kube;
  private final String bind;
  private final Ports ports;
  private final Credentials credentials;
  private final Daemon etcd;
  private final Daemon apiServer;
  private final Daemon controllerManager;
  private final Daemon scheduler;

  private ControlPlane(Path directory, Path kube, String bind, Ports ports) {
    this.directory = directory;
    this.kube = kube;
    this.bind = bind;
    this.ports = ports;
    credentials = new Credentials(directory);
    etcd = new Daemon(directory, "etcd");
    apiServer = new Daemon(directory, "kube-apiserver");
    controllerManager = new Daemon(directory, "kube-controller-manager");
    scheduler = new Daemon(directory, "kube-scheduler");
  }

  /** The one that the nodes belong to, running or not. */
  static ControlPlane ofTestbed(Path directory, Path kube) {
    return new ControlPlane(directory, kube, "0.0.0.0", Ports.USUAL);
  }

  /**
   * Starts one of its own, without nodes, in an empty folder, beside the testbed's. Only one such
   * can be up at a time; one that an earlier JVM left in the same folder is ended first.
   */
  public static ControlPlane start(Path directory, User... extraUsers) {
    ControlPlane controlPlane =
        new ControlPlane(directory, Artefacts.load().kube(), "127.0.0.1", Ports.SECOND);
    controlPlane.startAfresh(List.of(extraUsers));
    return controlPlane;
  }

  /** Applies the chart's CRDs; those that are there stay as they are. */
  public void applyCrds() {
    Path crds = Checkout.root().resolve("charts/rdmagid/crds");
    // Helm, which applies them with its own name when it installs, does not own what changed since.
    String _ =
        kubectl().kubectl("apply", "--server-side", "--force-conflicts", "-f", crds.toString());
    String _ =
        kubectl().kubectl("wait", "--for=condition=Established", "--timeout=60s", "crd", "--all");
  }

  void startAfresh(List<User> extraUsers) {
    try (Progress _ = Progress.start("starting the control plane", Duration.ofSeconds(6))) {
      stop();
      FileTree.delete(directory);
      Files.createDirectories(directory);
      ports.all().forEach(ControlPlane::requireFree);
      credentials.write(clientAddress(), ports.apiServer(), extraUsers);
      Files.writeString(directory.resolve("audit-policy.yaml"), AuditLog.POLICY);
      startEtcd();
      startApiServer();
      startControllers();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String clientAddress() {
    return bind.equals("0.0.0.0") ? ADVERTISED : bind;
  }

  private void startEtcd() {
    etcd.start(
        List.of(
            kube.toString(),
            "etcd",
            "--data-dir=" + directory.resolve("etcd"),
            "--client=http://127.0.0.1:" + ports.etcdClient(),
            "--peer=http://127.0.0.1:" + ports.etcdPeer()));
  }

  /** Starts the API server with the data it had, and waits until it answers. */
  public void startApiServer() {
    apiServer.start(
        List.of(
            kube.toString(),
            "kube-apiserver",
            "--etcd-servers=http://127.0.0.1:" + ports.etcdClient(),
            "--bind-address=" + bind,
            "--advertise-address=" + ADVERTISED,
            "--secure-port=" + ports.apiServer(),
            "--tls-cert-file=server.crt",
            "--tls-private-key-file=server.key",
            "--client-ca-file=ca.crt",
            "--token-auth-file=tokens.csv",
            "--service-account-key-file=sa.pub",
            "--service-account-signing-key-file=sa.key",
            "--service-account-issuer=https://kubernetes.default.svc",
            "--service-cluster-ip-range=10.96.0.0/16",
            "--authorization-mode=Node,RBAC",
            "--enable-admission-plugins=NodeRestriction",
            "--allow-privileged=true",
            "--kubelet-preferred-address-types=InternalIP",
            "--enable-aggregator-routing=true",
            "--audit-policy-file=audit-policy.yaml",
            "--audit-log-path=" + auditLog().file(),
            "--audit-log-mode=blocking",
            // One file, so that a reader needs no others.
            "--audit-log-maxsize=2048"));
    Poll.until(
        "API server",
        READY,
        () -> {
          if (!apiServer.isAlive()) {
            throw new TestbedException("the API server ended; see " + apiServer.log());
          }
          return isReady();
        },
        () -> "see " + apiServer.log());
  }

  /** Ends the API server: its clients' connections are reset, and new ones refused. */
  public void stopApiServer() {
    apiServer.kill();
  }

  private void startControllers() {
    controllerManager.start(
        List.of(
            kube.toString(),
            "kube-controller-manager",
            "--kubeconfig=kcm.kubeconfig",
            "--service-account-private-key-file=sa.key",
            "--root-ca-file=ca.crt",
            "--use-service-account-credentials=true",
            "--leader-elect=false",
            "--bind-address=127.0.0.1",
            "--secure-port=" + ports.controllerManager()));
    scheduler.start(
        List.of(
            kube.toString(),
            "kube-scheduler",
            "--kubeconfig=scheduler.kubeconfig",
            "--authentication-kubeconfig=scheduler.kubeconfig",
            "--authorization-kubeconfig=scheduler.kubeconfig",
            "--leader-elect=false",
            "--bind-address=127.0.0.1",
            "--secure-port=" + ports.scheduler()));
  }

  /**
   * Ends controller manager and scheduler, for who brings Nodes without kubelets: nobody taints
   * them, and nobody looks after namespaces, pods and owners.
   */
  public void stopControllers() {
    scheduler.stop();
    controllerManager.stop();
  }

  /** Whether all of it runs, in this namespace, and answers. */
  public boolean isUp() {
    return daemons().allMatch(Daemon::isHere) && isReady();
  }

  private boolean isReady() {
    if (!Files.exists(kubeconfig("admin")) || !accepts(clientAddress(), ports.apiServer())) {
      return false;
    }
    return kubectl().run("get", "--raw", "/readyz").out().equals("ok");
  }

  public Kubectl kubectl() {
    return kubectl("admin");
  }

  /** As one of {@code admin}, {@code node-a}, … or an extra user, by the name of the kubeconfig. */
  public Kubectl kubectl(String user) {
    return new Kubectl(kube.resolveSibling("kubectl"), kubeconfig(user));
  }

  public Path kubeconfig(String user) {
    return credentials.kubeconfig(user);
  }

  /** Where the processes' logs are. */
  public Path directory() {
    return directory;
  }

  /** All writes since then by users whose name starts like this, except leases and events. */
  public List<AuditEvent> writesBy(String usernamePrefix, Instant since) {
    return writes(
        event -> event.user().startsWith(usernamePrefix) && !event.time().isBefore(since));
  }

  public List<AuditEvent> writes(Predicate<AuditEvent> of) {
    return auditLog().events().stream().filter(of).toList();
  }

  private AuditLog auditLog() {
    return new AuditLog(directory.resolve("audit.log"));
  }

  /** Ends all of it; what was recorded in the folder stays. */
  public void stop() {
    stopControllers();
    // A graceful end waits for watches that nobody will end.
    apiServer.kill();
    etcd.stop();
  }

  @Override
  public void close() {
    stop();
  }

  List<Path> logs() {
    List<Path> logs = new ArrayList<>(daemons().map(Daemon::log).toList());
    logs.add(auditLog().file());
    return logs;
  }

  private Stream<Daemon> daemons() {
    return Stream.of(etcd, apiServer, controllerManager, scheduler);
  }

  private static void requireFree(int port) {
    if (accepts("127.0.0.1", port)) {
      throw new TestbedException(
          "port %d of the testbed's namespace is taken; 'ip netns exec rdmagid ss -ltnp' shows by whom"
              .formatted(port));
    }
  }

  private static boolean accepts(String address, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), 1000);
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
