package io.rdmagid.e2e.testbed;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * One of the two nodes, a virtual machine with {@code rxe0} on {@code rail0}, {@code rxe1} on
 * {@code rail1} and {@code rxe2} on {@code dummy0}. The rails are bridged between the nodes. What a
 * test changes in a node it puts back.
 */
public final class Node {
  private static final String BOOT_ID = "cat /proc/sys/kernel/random/boot_id";
  private static final Duration COMMAND = Duration.ofMinutes(2);
  private static final Duration BOOT = Duration.ofMinutes(4);
  private static final Duration READY = Duration.ofMinutes(4);

  private final String name;
  private final int number;
  private final Kubectl kubectl;
  private final Ssh ssh;
  private final Path share;
  private final Vm vm;

  Node(String name, int number, Kubectl kubectl, Ssh ssh, Path directory) {
    this.name = name;
    this.number = number;
    this.kubectl = kubectl;
    this.ssh = ssh;
    this.share = directory.resolve("share");
    this.vm = new Vm(name, number, directory);
  }

  public String name() {
    return name;
  }

  /**
   * 1 or 2: the last digit of its addresses, 10.10.0.N on rail0, 10.10.1.N on rail1, 10.10.2.N on
   * dummy0.
   */
  public int number() {
    return number;
  }

  /** On the management network, which is also the node's InternalIP. */
  public String address() {
    return "10.77.0.1" + number;
  }

  /** Runs a command of a shell in the node, as root; exit 255 when the node does not answer. */
  public Output run(String command) {
    return run(command, COMMAND);
  }

  public Output run(String command, Duration limit) {
    return ssh.run(command, limit);
  }

  /** Standard output of a command that succeeded. */
  public String sh(String command) {
    return run(command).orThrow(name + ": " + command);
  }

  /**
   * Whether the kubelet of this boot says so: what an earlier one said stays for a while in the
   * API.
   */
  public boolean isReady() {
    Output status =
        kubectl.run(
            "get",
            "node",
            name,
            "-o",
            "jsonpath={.status.nodeInfo.bootID} {.status.conditions[?(@.type==\"Ready\")].status}");
    return status.ok() && status.out().equals(run(BOOT_ID).out().strip() + " True");
  }

  public void awaitReady() {
    Poll.until(name + " Ready", READY, this::isReady, () -> "see " + log("kubelet"));
  }

  /** Takes an address such as 10.10.0.1/24 off one network device and gives it to another. */
  public void moveAddress(String cidr, String fromNetdev, String toNetdev) {
    String _ =
        sh(
            "ip addr del %s dev %s && ip addr add %s dev %s"
                .formatted(cidr, fromNetdev, cidr, toNetdev));
  }

  public void addAddress(String cidr, String netdev) {
    String _ = sh("ip addr add %s dev %s".formatted(cidr, netdev));
  }

  public void removeAddress(String cidr, String netdev) {
    String _ = sh("ip addr del %s dev %s".formatted(cidr, netdev));
  }

  public void linkDown(String netdev) {
    String _ = sh("ip link set %s down".formatted(netdev));
  }

  public void linkUp(String netdev) {
    String _ = sh("ip link set %s up".formatted(netdev));
  }

  /** Restarts the kubelet and waits until it answers. */
  public void restartKubelet() {
    restart("kubelet", "[ $(busybox wget -qO- http://127.0.0.1:10248/healthz) = ok ]");
  }

  /** Ends the container runtime, and waits until the new one answers; containers live on. */
  public void restartRuntime() {
    restart("containerd", "ctr version");
  }

  private void restart(String service, String answers) {
    String before = sh("pgrep -x " + service);
    String _ = sh("sv restart " + service);
    Poll.until(
        name + "'s " + service,
        READY,
        () -> !run("pgrep -x " + service).out().equals(before) && run(answers).ok(),
        () -> "see " + log(service));
  }

  /**
   * Lets this machine connect to a Unix socket of the node; one at a time.
   *
   * @param socket an absolute path
   */
  public BridgedSocket bridge(String socket) {
    return new BridgedSocket(this, socket);
  }

  public String bootId() {
    return sh(BOOT_ID).strip();
  }

  /**
   * Restarts the node without asking anything in it, and waits until it answers again; it may not
   * be Ready yet.
   */
  public void reboot() {
    try (Progress _ = Progress.start("rebooting " + name, Duration.ofSeconds(30))) {
      String before = bootId();
      // It ends with its connection, not by itself; when the wait is over, the old boot is, too.
      Output _ = run("reboot -f", Duration.ofSeconds(3));
      ssh.close();
      awaitBoot(before);
    }
  }

  /** Waits until the node answers in another boot than this one. */
  private void awaitBoot(String before) {
    Poll.until(
        name + " to boot",
        BOOT,
        () -> {
          Output id = run(BOOT_ID, Duration.ofSeconds(10));
          boolean other = id.ok() && !id.out().strip().equals(before);
          if (!other) {
            // The connection to the boot before would last until its keep-alive notices.
            ssh.close();
          }
          return other;
        },
        () -> "see " + vm.console());
  }

  /**
   * Gives the node's container runtime an image from an archive in OCI layout, under this name.
   * Only layers that the node lacks are copied.
   */
  public void importImage(Path archive, String name) {
    Poll.until(
        this.name + "'s containerd",
        READY,
        () -> run("ctr version").ok(),
        () -> "see " + log("containerd"));
    new ImageImport(this, share).run(archive, name);
  }

  /** The log of kubelet, containerd, kube-proxy or dropbear; readable when the node hangs, too. */
  public Path log(String service) {
    return share.resolve("log").resolve(name).resolve(service + ".log");
  }

  void start(Artefacts artefacts, Path disk) {
    vm.start(artefacts, disk);
  }

  void awaitBoot() {
    awaitBoot("");
  }

  /** Whether there is a machine; it may be booting, or hang. */
  boolean isPowered() {
    return vm.isUp();
  }

  void stop() {
    ssh.close();
    vm.stop();
  }

  List<Path> logs() {
    return List.of(vm.console(), vm.log());
  }

  List<String> shell() {
    return ssh.shell();
  }
}
