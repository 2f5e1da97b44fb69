package io.rdmagid.deviceplugin.workload;

import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.NamespaceLook;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The allocations of a node, alive: everything happens on one platform thread, "workload", in the
 * order in which it came. Its methods may come from any thread; only {@link #allocate}, {@link
 * #createContainer}, {@link #containerStarts} and {@link #holders} wait for an answer.
 *
 * <p>Nothing is offered before the tables, the pools and the runtime's containers are known: an
 * allocation made earlier could end in a container that nobody chooses for.
 */
public final class Workload implements Allocator, RuntimeListener, StartListener, AutoCloseable {
  /** Where containers see their folders, one a pool. */
  static final String CONTAINER_FOLDERS = "/run/rdmagid/";

  private final WorkloadThread thread;
  private final LongSupplier ticker;
  private final NodeOffers offers;
  private final RecentHolds recent;
  private final AllocationBook book;
  private final AllocationFolders folders;
  private final LateSets late;
  private final BehindSets behind;
  private final Creations creations;
  private final Synchronization synchronization;
  private final UntoldEnds untold = new UntoldEnds();
  private ClusterPools pools = ClusterPools.NONE;
  private Map<String, String> nodeLabels = Map.of();
  private @Nullable Inventory inventory;
  private boolean poolsKnown;
  private boolean synchronised;
  private @Nullable NamespaceFacts facts;
  private @Nullable OfferListener listener;
  private Consumer<Map<HeldPort, PortOffer>> shown = _ -> {};
  private Future<?> offerAgain = CompletableFuture.completedFuture(null);

  /**
   * Takes over what is on disk.
   *
   * @param node the Node's name
   * @param bootId of this boot, from /proc/sys/kernel/random/boot_id
   */
  public Workload(String node, String bootId, WorkloadEdges edges) {
    this(node, bootId, edges, System::nanoTime);
  }

  /** With a time of the test's own. */
  Workload(String node, String bootId, WorkloadEdges edges, LongSupplier ticker) {
    this.ticker = ticker;
    this.thread = new WorkloadThread(ticker);
    this.offers = new NodeOffers(node);
    this.recent = new RecentHolds(ticker);
    this.folders = edges.folders();
    book = new AllocationBook(node, bootId, edges.tellingOfRecords(thread::goesOn), this::look);
    late = new LateSets(thread, book, edges.changes(), this::lookAgain, ticker);
    behind = new BehindSets(thread, book, this::followed);
    creations =
        new Creations(
            thread,
            book,
            edges.changes(),
            this::followed,
            () -> pools,
            this::hold,
            edges.refusals());
    StrayFolders strays = new StrayFolders(folders, book::knows);
    synchronization = new Synchronization(book, () -> pools, strays);
    // Without facts or records the files of pods that run would follow nothing. What is refused for
    // a moment another process gets, and it begins with nothing half open; here all else would have
    // to wait behind a step that is repeated.
    thread.begin(() -> {
      facts = edges.facts().get();
      book.load();
      strays.withdraw();
    });
  }

  /** Offers go there from now on. */
  public void offerTo(OfferListener kubelet) {
    thread.run(() -> {
      listener = kubelet;
      offer();
    });
  }

  /**
   * What the pools make of the ports goes there from now on, whether it has changed or not.
   *
   * @param ports must not block
   */
  public void showTo(Consumer<Map<HeldPort, PortOffer>> ports) {
    thread.run(() -> {
      shown = ports;
      offer();
    });
  }

  /**
   * To be done once all is done that came before and the pause is over; may wait for small files,
   * and for who is at them, and for nobody else.
   *
   * @return cancels it, where it has not begun
   */
  public Future<?> afterwards(Duration pause, Runnable step) {
    return thread.in(pause, step);
  }

  /** The node's tables are now these. */
  public void read(Inventory newest) {
    thread.run(() -> {
      inventory = newest;
      book.read(newest);
      followed();
      creations.lookAgain();
      offer();
    });
  }

  /** The pools of the cluster and the labels of this node are now these. */
  public void configure(Collection<PoolState> newPools, Map<String, String> labels) {
    thread.run(() -> {
      pools = new ClusterPools(List.copyOf(newPools));
      nodeLabels = Map.copyOf(labels);
      poolsKnown = true;
      offer();
    });
  }

  @Override
  public Outcome allocate(String pool, List<String> ids) {
    try {
      return thread.ask(() -> allocateNow(new AllocationId(pool, ids)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Refused("the agent ends");
    }
  }

  @Override
  public void synchronize(List<Sandbox> sandboxes, List<ContainerSpec> containers) {
    thread.run(() -> {
      Map<String, Sandbox> alive = new HashMap<>();
      sandboxes.forEach(sandbox -> alive.put(sandbox.id(), sandbox));
      keepOnly(alive.keySet());
      untold.connected(alive.keySet(), containers.stream().filter(this::isOurs).toList());
      synchronization.follow(alive, containers);
      synchronised();
    });
  }

  @Override
  public void sandboxStarted(Sandbox sandbox) {
    // Its containers tell of it; until one of ours comes there is nothing to know.
  }

  @Override
  public Adjustment createContainer(Sandbox sandbox, ContainerSpec container, Duration limit)
      throws InterruptedException {
    if (!isOurs(container)) {
      return new Adjustment.None();
    }
    CompletableFuture<Adjustment> answer = new CompletableFuture<>();
    CompletableFuture<Adjustment> _ =
        answer.whenComplete((given, _) -> {
          if (!(given instanceof Adjustment.Refuse)) {
            untold.made(sandbox.id(), container.id()); // by the thread that answers: the workload's
          }
        });
    // What is done before counts, too: the runtime does not wait for that any longer.
    long end = ticker.getAsLong() + limit.toNanos();
    thread.run(() ->
        creations.begin(sandbox, container, answer, Duration.ofNanos(end - ticker.getAsLong())));
    try {
      return answer.get();
    } catch (InterruptedException e) {
      // Nobody waits for the answer any more, so the container is made without it.
      thread.run(() -> creations.abandon(container.id()));
      throw e;
    } catch (ExecutionException e) {
      throw new IllegalStateException("container " + container.name() + " failed", e.getCause());
    }
  }

  /** What the containers were made with is known from their records only: nobody shows it. */
  @Override
  public void begin(Set<String> sandboxes) {
    thread.run(() -> {
      keepOnly(sandboxes);
      synchronised();
    });
  }

  @Override
  public Set<String> holders() throws InterruptedException {
    return thread.ask(book::holders);
  }

  @Override
  public ContainerStarts.Outcome containerStarts(
      Sandbox sandbox, String container, Collection<AllocationId> allocations, Duration limit)
      throws InterruptedException {
    List<Path> mounts = allocations.stream().map(id -> folders.folder(id.hash())).toList();
    ContainerSpec spec = ContainerSpec.filesOnly(sandbox.id(), container, mounts);
    return switch (createContainer(sandbox, spec, limit)) {
      case Adjustment.None _, Adjustment.Add _ -> new ContainerStarts.Outcome.Ready();
      case Adjustment.Refuse(_, String reason) -> new ContainerStarts.Outcome.Refused(reason);
    };
  }

  @Override
  public void sandboxStopped(String sandboxId) {
    thread.run(() -> {
      untold.ended(sandboxId);
      end(sandboxId);
    });
  }

  @Override
  public void sandboxRemoved(String sandboxId) {
    sandboxStopped(sandboxId);
  }

  /** The next container of the sandbox takes the allocation over; else the sandbox ends. */
  @Override
  public void containerStopped(String sandboxId, String containerId) {
    thread.run(() -> book.containersEnded(containerId::equals));
  }

  @Override
  public void containerRemoved(String sandboxId, String containerId) {
    thread.run(() -> {
      book.containersEnded(containerId::equals);
      if (untold.isLast(sandboxId, containerId)) {
        end(sandboxId);
      }
    });
  }

  /** Whether the thread lives. */
  public boolean isAlive() {
    return thread.isAlive();
  }

  /** For how long the thread has been at one step, or at one look or record of it; zero at rest. */
  public Duration busy() {
    return thread.busy();
  }

  @Override
  public void close() {
    thread.close();
  }

  /**
   * Asks which RDMA devices a container's folders stand for.
   *
   * @param answer gets their names on the workload's thread, none for a container without such a
   *     folder; it is not called where a folder is of an allocation that nobody knows
   */
  public void devicesOf(ContainerSpec container, Consumer<Set<String>> answer) {
    thread.run(() ->
        book.allocationsOf(container)
            .ifPresent(allocations -> answer.accept(PodHoldings.devices(allocations))));
  }

  private boolean isOurs(ContainerSpec container) {
    return !folders.hashesOf(container).isEmpty();
  }

  private void end(String sandboxId) {
    creations.ended(sandboxId::equals);
    List<String> ended = book.ended(sandboxId);
    followed();
    if (!ended.isEmpty()) {
      ended.forEach(recent::ended);
      offer();
    }
  }

  private void keepOnly(Set<String> alive) {
    Set<String> ended = book.holders();
    ended.removeAll(alive);
    // Held for the sandbox that their pod may get in place of the one that ended.
    ended.forEach(id -> book.ended(id).forEach(recent::ended));
    creations.ended(sandbox -> !alive.contains(sandbox));
  }

  private void synchronised() {
    followed();
    synchronised = true;
    offer();
  }

  private void retire(String hash) {
    boolean _ = StoredAllocations.takes(() -> book.retire(hash));
  }

  private Outcome allocateNow(AllocationId id) {
    Optional<NodePlan> plan = offers.plan();
    if (plan.isEmpty()) {
      return new Outcome.Refused("the agent does not know the node's ports yet");
    }
    List<String> unknown =
        id.ids().stream().filter(device -> plan.get().portOf(device).isEmpty()).toList();
    if (!unknown.isEmpty()) {
      return new Outcome.Refused("the node has no port for " + String.join(", ", unknown));
    }
    List<String> withdrawn = offers.notOffered(id);
    if (!withdrawn.isEmpty()) {
      return new Outcome.Refused("pool " + id.pool() + " has " + withdrawn + " no longer");
    }
    Set<HeldPort> ports = new LinkedHashSet<>();
    id.ids().forEach(device -> plan.get().portOf(device).ifPresent(ports::add));
    try {
      book.allocate(id, List.copyOf(ports)).forEach(recent::overlapped);
    } catch (UncheckedIOException e) {
      return new Outcome.Refused(StoredAllocations.reason(e));
    }
    recent.allocated(id.hash());
    offerInTime(ticker.getAsLong());
    String containerFolder = CONTAINER_FOLDERS + id.pool();
    return new Outcome.Granted(
        ports.stream().map(port -> CdiDevices.qualifiedName(port.device())).distinct().toList(),
        folders.folder(id.hash()),
        containerFolder,
        SetFiles.pointers(containerFolder, pools.setup(id.pool())));
  }

  /** A container's namespace has changed. */
  private void lookAgain(String containerId) {
    book.follow(List.of(containerId));
    followed();
  }

  /** Sees to what the files of containers lack now. */
  private void followed() {
    late.follow();
    behind.follow();
  }

  private void offer() {
    Inventory tables = inventory;
    OfferListener listening = listener;
    if (tables == null || !poolsKnown || !synchronised || listening == null) {
      return;
    }
    long now = ticker.getAsLong();
    recent.takeRetired().forEach(this::retire);
    // What they held may be no longer offered, or be another pool's now.
    offers
        .update(pools.states(), nodeLabels, tables, book.held(recent.all()), now)
        .ifPresent(listening::offered);
    shown.accept(offers.ports());
    offerInTime(now);
  }

  private void offerInTime(long now) {
    offerAgain.cancel(false);
    LongStream.concat(offers.pause(now).stream(), recent.pause().stream())
        .min()
        .ifPresent(pause -> offerAgain = thread.in(Duration.ofNanos(pause), this::offer));
  }

  /** What nobody held before may be offered, to pods of another pool even. */
  private void hold(List<AllocationRecord> allocations) {
    boolean held = true;
    for (AllocationRecord allocation : allocations) {
      held &= recent.remove(allocation.hash()) || allocation.claim().isPresent();
    }
    if (!held) {
      offer();
    }
  }

  private NamespaceLook look(Optional<Path> namespace) {
    thread.goesOn();
    return Objects.requireNonNull(facts).look(namespace); // else the thread ended at its first step
  }
}
