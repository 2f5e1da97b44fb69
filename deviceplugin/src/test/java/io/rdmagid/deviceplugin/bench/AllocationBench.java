package io.rdmagid.deviceplugin.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rdmagid.deviceplugin.files.RecordFiles;
import io.rdmagid.deviceplugin.files.SwappedFolders;
import io.rdmagid.deviceplugin.netlink.NamespaceEvents;
import io.rdmagid.deviceplugin.nri.FakeRuntime;
import io.rdmagid.deviceplugin.nri.NriMetrics;
import io.rdmagid.deviceplugin.nri.NriPlugin;
import io.rdmagid.deviceplugin.workload.AllocationFolders;
import io.rdmagid.deviceplugin.workload.Allocator;
import io.rdmagid.deviceplugin.workload.PoolState;
import io.rdmagid.deviceplugin.workload.Workload;
import io.rdmagid.deviceplugin.workload.WorkloadEdges;
import io.rdmagid.gid.GidRule;
import io.rdmagid.gid.GidType;
import io.rdmagid.gid.IpFamily;
import io.rdmagid.pool.EffectiveRule;
import io.rdmagid.pool.GidWish;
import io.rdmagid.pool.NodeSelector;
import io.rdmagid.pool.Pool;
import io.rdmagid.pool.PortSelector;
import io.rdmagid.proto.nri.Container;
import io.rdmagid.proto.nri.CreateContainerRequest;
import io.rdmagid.proto.nri.CreateContainerResponse;
import io.rdmagid.proto.nri.Event;
import io.rdmagid.proto.nri.LinuxNamespace;
import io.rdmagid.proto.nri.LinuxPodSandbox;
import io.rdmagid.proto.nri.Mount;
import io.rdmagid.proto.nri.PodSandbox;
import io.rdmagid.proto.nri.StateChangeEvent;
import io.rdmagid.proto.ttrpc.Response;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * What an allocation costs, by all of the agent that it takes: the connection to a runtime, the
 * workload, files and records on a disk, and for scope Pod the looks into network namespaces and
 * what listens to them. The runtime is one that only asks; the tables are given.
 *
 * <p>{@code bench hook=NANOS} for each container, from the runtime's CreateContainer to the answer;
 * then, for each change of a table, {@code bench files=ALLOCATIONS NANOS} from the reading to the
 * last file of that many containers, and {@code bench records=ALLOCATIONS NANOS} to the last
 * record.
 */
public final class AllocationBench {
  private static final int FIRST = 2;
  private static final List<Integer> SIZES = List.of(1, 10, 100);

  private final Semaphore swapped = new Semaphore(0);
  private final Semaphore reported = new Semaphore(0);
  private final BenchAddresses addresses;
  private final FakeRuntime runtime;
  private final Workload workload;
  private final NriPlugin plugin;
  private final FakeRuntime.Peer peer;

  private AllocationBench(Path folder, BenchAddresses addresses) throws IOException {
    this.addresses = addresses;
    runtime = new FakeRuntime(folder.resolve("nri.sock"));
    workload =
        new Workload(
            "node",
            "boot",
            new WorkloadEdges(
                new RecordFiles(folder.resolve("records")),
                new Counted(new SwappedFolders(folder.resolve("allocations")), swapped),
                addresses.facts(),
                NamespaceEvents.start()::listen,
                (_, _) -> true,
                _ -> reported.release(),
                _ -> {}));
    workload.read(addresses.tables(FIRST));
    workload.configure(List.of(pool()), Map.of());
    workload.offerTo(_ -> {});
    plugin =
        new NriPlugin(
            folder.resolve("nri.sock"),
            "rdmagid",
            "50",
            workload,
            new NriMetrics(new SimpleMeterRegistry()),
            _ -> {});
    Thread _ = Thread.ofPlatform().name("nri").start(plugin);
    peer = runtime.accept().synchronizeEmpty();
  }

  /**
   * Arguments: FOLDER CONTAINERS CHANGES, for scope Host; for scope Pod then the port's netdev and
   * files of network namespaces, each with a netdev eth0 on top of it. Containers take them in
   * turn.
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    List<String> pods = List.of(arguments).subList(Math.min(3, arguments.length), arguments.length);
    AllocationBench bench =
        new AllocationBench(
            Path.of(arguments[0]),
            pods.isEmpty()
                ? BenchAddresses.ofHost()
                : BenchAddresses.ofPods(
                    pods.getFirst(), pods.stream().skip(1).map(Path::of).toList()));
    int containers = Integer.parseInt(arguments[1]);
    for (int i = 0; i < containers; i++) {
      System.out.println("bench hook=" + bench.create(i, 0));
      bench.end(i);
    }
    for (int size : SIZES) {
      for (int i = 0; i < size; i++) {
        long _ = bench.create(containers + i, i);
      }
      int _ = bench.swapped.drainPermits();
      int _ = bench.reported.drainPermits();
      for (int change = 0; change < Integer.parseInt(arguments[2]); change++) {
        bench.move(FIRST + 1 + change % 2, size);
      }
      for (int i = 0; i < size; i++) {
        bench.end(containers + i);
      }
    }
    System.exit(0);
  }

  /** Gives a container of a new sandbox an id of the port. */
  private long create(int sandbox, int id) throws IOException {
    String folder =
        switch (workload.allocate("rail", List.of("rxe0:1::" + id))) {
          case Allocator.Outcome.Granted granted -> granted.hostFolder().toString();
          case Allocator.Outcome.Refused(String reason) -> throw new IllegalStateException(reason);
        };
    CreateContainerRequest request =
        CreateContainerRequest.newBuilder()
            .setPod(pod(sandbox))
            .setContainer(
                Container.newBuilder()
                    .setId("c" + sandbox)
                    .setPodSandboxId("s" + sandbox)
                    .setName("main")
                    .addMounts(Mount.newBuilder().setSource(folder)))
            .build();
    long start = System.nanoTime();
    Response answer = peer.call("CreateContainer", request);
    long took = System.nanoTime() - start;
    if (CreateContainerResponse.parseFrom(answer.getPayload()).getAdjust().getEnvCount() == 0) {
      throw new IllegalStateException("no variables: " + answer.getStatus().getMessage());
    }
    return took;
  }

  private void end(int sandbox) throws IOException {
    Response _ =
        peer.call(
            "StateChange",
            StateChangeEvent.newBuilder()
                .setEvent(Event.STOP_POD_SANDBOX)
                .setPod(pod(sandbox))
                .build());
  }

  private void move(int index, int allocations) throws InterruptedException {
    long start = System.nanoTime();
    workload.read(addresses.tables(index));
    swapped.acquire(allocations);
    long files = System.nanoTime() - start;
    reported.acquire(allocations);
    long records = System.nanoTime() - start;
    System.out.println("bench files=" + allocations + " " + files);
    System.out.println("bench records=" + allocations + " " + records);
  }

  private PodSandbox pod(int sandbox) {
    LinuxPodSandbox.Builder linux = LinuxPodSandbox.newBuilder();
    addresses
        .namespace(sandbox)
        .ifPresent(path ->
            linux.addNamespaces(
                LinuxNamespace.newBuilder().setType("network").setPath(path.toString())));
    return PodSandbox.newBuilder()
        .setLinux(linux)
        .setId("s" + sandbox)
        .setUid("uid-" + sandbox)
        .setNamespace("default")
        .setName("pod-" + sandbox)
        .build();
  }

  private PoolState pool() {
    GidRule rule = new GidRule(GidType.ROCE_V2, IpFamily.IPV4, List.of(), false);
    return new PoolState(
        new Pool(
            "rail",
            "rdmagid.io/rail",
            Instant.EPOCH,
            1,
            new NodeSelector(Map.of()),
            List.of(PortSelector.ANY),
            new GidWish(
                Optional.empty(), Optional.empty(), List.of(), false, addresses.scope(), true),
            SIZES.getLast(),
            Set.of(),
            OptionalInt.empty(),
            false,
            false),
        Optional.of(new EffectiveRule(rule, addresses.scope(), true, 1, 1)));
  }

  /** Folders that tell of each set that is in its place. */
  private record Counted(AllocationFolders folders, Semaphore swapped)
      implements AllocationFolders {
    @Override
    public Path folder(String hash) {
      return folders.folder(hash);
    }

    @Override
    public boolean exists(String hash) {
      return folders.exists(hash);
    }

    @Override
    public Set<String> hashes() {
      return folders.hashes();
    }

    @Override
    public Optional<String> hashOf(Path folder) {
      return folders.hashOf(folder);
    }

    @Override
    public void swap(String hash, Map<String, String> files) {
      folders.swap(hash, files);
      swapped.release();
    }

    @Override
    public void withdraw(String hash) {
      folders.withdraw(hash);
    }

    @Override
    public void remove(String hash) {
      folders.remove(hash);
    }
  }
}
