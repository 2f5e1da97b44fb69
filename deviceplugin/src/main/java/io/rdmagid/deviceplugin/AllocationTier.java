package io.rdmagid.deviceplugin;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.rdmagid.deviceplugin.cdi.CdiEdge;
import io.rdmagid.deviceplugin.cluster.AssignmentLoop;
import io.rdmagid.deviceplugin.cluster.NodeEvents;
import io.rdmagid.deviceplugin.cluster.PoolWatch;
import io.rdmagid.deviceplugin.cri.ContainerHook;
import io.rdmagid.deviceplugin.cri.CriEdge;
import io.rdmagid.deviceplugin.cri.HookWish;
import io.rdmagid.deviceplugin.files.RecordFiles;
import io.rdmagid.deviceplugin.files.SwappedFolders;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.kubelet.KubeletEdge;
import io.rdmagid.deviceplugin.kubelet.KubeletRegistration;
import io.rdmagid.deviceplugin.netlink.NamespaceEvents;
import io.rdmagid.deviceplugin.netlink.NamespaceReader;
import io.rdmagid.deviceplugin.netlink.Patience;
import io.rdmagid.deviceplugin.npwg.DeviceInfoFiles;
import io.rdmagid.deviceplugin.nri.NriMetrics;
import io.rdmagid.deviceplugin.nri.NriPlugin;
import io.rdmagid.deviceplugin.nri.NriPresence;
import io.rdmagid.deviceplugin.nri.NriState;
import io.rdmagid.deviceplugin.others.OtherContainers;
import io.rdmagid.deviceplugin.others.OtherPlugins;
import io.rdmagid.deviceplugin.posix.SelinuxLabels;
import io.rdmagid.deviceplugin.verbs.NativeVerbs;
import io.rdmagid.deviceplugin.verbs.SysfsSlots;
import io.rdmagid.deviceplugin.workload.HeldPort;
import io.rdmagid.deviceplugin.workload.PortOffer;
import io.rdmagid.deviceplugin.workload.Workload;
import io.rdmagid.deviceplugin.workload.WorkloadEdges;
import io.rdmagid.management.Check;
import io.rdmagid.management.CheckResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The half of the agent that hands devices out: the workload and its edges. Everything follows the
 * first reading of the tables, which {@link #read} brings. Its methods may come from any thread.
 */
final class AllocationTier implements AutoCloseable {
  /** The name and place among NRI plugins; "required-plugins" of NRI's validator takes the name. */
  private static final String NRI_NAME = "rdmagid";

  private static final String NRI_INDEX = "50";

  /**
   * For how long the workload may be at one look into a namespace, or at one record: it goes on
   * with the next. A look is two dumps, of at most 2.5 s each while links keep changing; a record
   * is a small file and an fsync, some 50 ms on a node that is emulated. What comes between two of
   * them, as the files of containers, asks no disk to be done. So what takes longer hangs.
   */
  private static final Duration LONGEST_STEP = Duration.ofMinutes(5);

  private static final Logger LOG = LoggerFactory.getLogger(AllocationTier.class);

  private final NamespaceEvents namespaces = NamespaceEvents.start();
  private final Workload workload;
  private final PoolWatch pools;
  private final KubeletEdge kubelet;
  private final DeviceInfoFiles deviceInfo;
  private final CdiEdge cdi;
  private final OtherPlugins others;
  private final CriEdge cri;
  private final NriPlugin nri;
  private final Thread nriThread;
  private final AssignmentLoop assignmentLoop;
  private final Thread assignments;
  private final Thread nodeEvents;
  private final HookWish hook;
  private final AtomicBoolean started = new AtomicBoolean();

  /**
   * Where things are; each is the same path in the container and on the host.
   *
   * @param state the agent's own folder, usually /var/lib/rdmagid
   * @param devicePlugins the kubelet's, usually /var/lib/kubelet/device-plugins
   * @param pluginsRegistry of the kubelet's plugin watcher, usually
   *     /var/lib/kubelet/plugins_registry
   * @param podResources the kubelet's socket, usually /var/lib/kubelet/pod-resources/kubelet.sock
   * @param nri the runtime's socket, usually /var/run/nri/nri.sock
   * @param runtimes of CRI, usually /run/containerd/containerd.sock and /var/run/crio/crio.sock;
   *     the first that is there is the runtime's
   * @param cdi where CDI specs are that do not outlive a boot, usually /var/run/cdi
   * @param staticCdi where the runtime looks for others, usually /etc/cdi; need not be there
   * @param deviceInfo where Multus looks, usually /var/run/k8s.cni.cncf.io/devinfo/dp
   * @param deviceNodes usually /dev/infiniband
   */
  record Paths(
      Path state,
      Path devicePlugins,
      Path pluginsRegistry,
      Path podResources,
      Path nri,
      List<Path> runtimes,
      Path cdi,
      Path staticCdi,
      Path deviceInfo,
      Path deviceNodes) {
    static final Paths USUAL =
        new Paths(
            Path.of("/var/lib/rdmagid"),
            Path.of("/var/lib/kubelet/device-plugins"),
            Path.of("/var/lib/kubelet/plugins_registry"),
            Path.of("/var/lib/kubelet/pod-resources/kubelet.sock"),
            Path.of("/var/run/nri/nri.sock"),
            List.of(Path.of("/run/containerd/containerd.sock"), Path.of("/var/run/crio/crio.sock")),
            Path.of("/var/run/cdi"),
            Path.of("/etc/cdi"),
            Path.of("/var/run/k8s.cni.cncf.io/devinfo/dp"),
            NativeVerbs.DEVICE_NODES);

    /** The same with another runtime's socket. */
    Paths withRuntime(Path socket) {
      return new Paths(
          state,
          devicePlugins,
          pluginsRegistry,
          podResources,
          nri,
          List.of(socket),
          cdi,
          staticCdi,
          deviceInfo,
          deviceNodes);
    }
  }

  /**
   * Takes over what is on disk, and begins to watch the pools.
   *
   * @param client stays the caller's to close
   * @throws IOException if a folder of {@code paths} cannot be used
   */
  AllocationTier(
      KubernetesClient client,
      String node,
      Paths paths,
      KubeletRegistration registration,
      HookWish hook,
      MeterRegistry registry)
      throws IOException {
    this.hook = hook;
    assignmentLoop = new AssignmentLoop(client);
    assignments = Thread.ofPlatform().name("assignments").start(assignmentLoop);
    NodeEvents notices = new NodeEvents(client, node, Clock.systemUTC());
    nodeEvents = Thread.ofPlatform().name("node-events").start(notices);
    Path records = paths.state().resolve("records");
    Path allocations = paths.state().resolve("allocations");
    SwappedFolders folders = new SwappedFolders(allocations);
    label(allocations);
    SysfsSlots slots = new SysfsSlots(Path.of("/sys"));
    workload =
        new Workload(
            node,
            Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip(),
            new WorkloadEdges(
                new RecordFiles(records),
                folders,
                () -> new NamespaceReader(Patience.SHORT)::look,
                namespaces::listen,
                (port, choice) ->
                    slots.mayHave(
                        port.device(), port.port(), choice.index(), choice.gid(), choice.type()),
                assignmentLoop,
                new RefusalMetrics(registry)));
    pools = PoolWatch.start(client, paths.state().resolve("pools.json"), workload::configure);
    cri =
        new CriEdge(
            new CriEdge.Settings(hook, paths.runtimes(), paths.podResources()),
            workload,
            notices,
            registry);
    kubelet =
        KubeletEdge.start(
            new KubeletEdge.Settings(
                registration, paths.devicePlugins(), paths.pluginsRegistry(), process()),
            workload,
            cri,
            notices,
            registry);
    others = new OtherPlugins(notices, registry);
    deviceInfo =
        new DeviceInfoFiles(
            paths.deviceInfo(), Path.of("/sys/bus/pci/devices"), workload::afterwards);
    workload.offerTo(offers -> {
      deviceInfo.offered(offers); // before the kubelet can hand out what they tell of
      cri.offered(offers);
      kubelet.offered(offers);
      others.offered(offers);
    });
    cdi =
        CdiEdge.start(
            new CdiEdge.Paths(paths.cdi(), paths.staticCdi(), paths.deviceNodes(), Path.of("/sys")),
            workload::afterwards,
            others::specs);
    nri =
        new NriPlugin(
            paths.nri(),
            NRI_NAME,
            NRI_INDEX,
            new OtherContainers(workload, workload::devicesOf, others),
            new NriMetrics(registry),
            this::nriIs);
    nriThread = Thread.ofPlatform().name("nri").unstarted(nri);
  }

  /**
   * The node's tables are now these. With the first the runtime is asked for its containers: they
   * find their files up to date.
   *
   * @param then done when the files of pods and the offers of pools are brought to them
   */
  void read(Inventory inventory, Runnable then) {
    cdi.update(inventory); // before the kubelet can hand out what is new
    workload.read(inventory);
    Future<?> _ = workload.afterwards(Duration.ZERO, then);
    Future<?> _ = workload.afterwards(Duration.ZERO, deviceInfo::look); // as where nothing changed
    others.read(inventory);
    if (started.compareAndSet(false, true)) {
      cri.start(chosen -> kubelet.preStart(chosen == ContainerHook.PRE_START));
      if (hook != HookWish.PRE_START) {
        nriThread.start();
      }
    }
  }

  /** The tables are as they were; what others can take from files of ours is made anew. */
  void look() {
    cdi.look();
    Future<?> _ = workload.afterwards(Duration.ZERO, deviceInfo::look);
  }

  /** What the pools make of the ports goes there from now on; must not block. */
  void showTo(Consumer<Map<HeldPort, PortOffer>> ports) {
    workload.showTo(ports);
  }

  private void nriIs(NriPresence presence) {
    switch (presence) {
      case NOBODY -> cri.nobodyAtNri();
      case SOMEBODY -> cri.somebodyAtNri();
      case SYNCHRONIZED -> cri.nriSynchronized();
    }
  }

  /** The Node has these labels now. */
  void nodeLabels(Map<String, String> labels) {
    pools.nodeLabels(labels);
  }

  /** What has to hold for new pods to get devices, and for the cluster to know what pods hold. */
  List<Check> readiness() {
    return List.of(
        check("kubelet", kubelet::overdue),
        new Check(
            "records",
            () ->
                CheckResult.of(
                    !assignmentLoop.isCutOff(), "what pods hold does not reach the API server")),
        new Check(
            "pools",
            () -> CheckResult.of(pools.isWatching(), "the cluster's pools are not watched")),
        check("runtime", this::runtimeObjection),
        check("cdi", cdi::objection),
        check("device-info", deviceInfo::objection));
  }

  private static Check check(String name, Supplier<Optional<String>> objection) {
    return new Check(
        name, () -> objection.get().map(CheckResult::failing).orElseGet(CheckResult::passing));
  }

  private Optional<String> runtimeObjection() {
    if (cri.hook().filter(ContainerHook.PRE_START::equals).isPresent()) {
      return cri.objection();
    }
    return nri.state() == NriState.SYNCHRONIZED
        ? Optional.empty()
        : Optional.of("the container runtime does not answer on NRI's socket");
  }

  /** What only a new process mends. */
  List<Check> liveness() {
    return List.of(
        new Check("kubelet", () -> CheckResult.of(kubelet.isAlive(), "the kubelet's thread ended")),
        new Check(
            "cri",
            () ->
                CheckResult.of(
                    !started.get() || cri.isAlive(), "the thread of the runtime's edge ended")),
        new Check(
            "workload",
            () -> CheckResult.of(workload.isAlive(), "the thread of the allocations ended")),
        atWork(workload::busy),
        new Check(
            "nri",
            // It is not started where the kubelet's hook was wished.
            () ->
                CheckResult.of(
                    nriThread.getState() != Thread.State.TERMINATED,
                    "the thread that serves the runtime by NRI ended")),
        new Check(
            "assignments",
            () -> CheckResult.of(assignments.isAlive(), "the record's thread ended")),
        new Check(
            "namespaces",
            () ->
                CheckResult.of(
                    namespaces.isAlive(), "the thread that listens to network namespaces ended")),
        new Check(
            "node-events",
            () -> CheckResult.of(nodeEvents.isAlive(), "the thread of the Node's Events ended")));
  }

  /** Fails when a disk or netlink hangs: nothing else would tell. */
  static Check atWork(Supplier<Duration> busy) {
    return new Check(
        "allocations",
        () ->
            CheckResult.of(
                busy.get().compareTo(LONGEST_STEP) <= 0,
                "the thread of the allocations has been at one step for more than "
                    + LONGEST_STEP.toSeconds()
                    + " s"));
  }

  @Override
  public void close() throws IOException {
    kubelet.close(); // first: whom it gave devices last is still chosen for
    nri.close();
    cri.close();
    pools.close();
    namespaces.close();
    workload.close();
    assignments.interrupt();
    nodeEvents.interrupt();
    cdi.close();
  }

  /** So that containers can read it: the kubelet labels no mount of a device plugin. */
  private static void label(Path folder) {
    switch (SelinuxLabels.give(folder, SelinuxLabels.FOR_CONTAINERS)) {
      case SelinuxLabels.Result.NotUsed _ -> {}
      case SelinuxLabels.Result.Labelled(int changed) ->
          LOG.atInfo().addKeyValue("changed", changed).log("SELinux label given to allocations");
      case SelinuxLabels.Result.Refused(Path file, String reason) ->
          LOG.atWarn()
              .addKeyValue("file", file)
              .addKeyValue("reason", reason)
              .log("SELinux label refused, containers may not be able to read their files");
    }
  }

  /** In a container the process id is the same every time. */
  private static String process() {
    ProcessHandle self = ProcessHandle.current();
    return self.pid()
        + "-"
        + self.info()
            .startInstant()
            .map(start -> Long.toString(start.toEpochMilli(), 36))
            .orElse("0");
  }
}
