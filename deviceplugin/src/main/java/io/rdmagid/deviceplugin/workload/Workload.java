package io.rdmagid.deviceplugin.workload;

import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.NamespaceLook;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The allocations of a node, alive: everything happens on one platform thread, "workload", in the
 * order in which it came. Its methods may come from any thread; only {@link #allocate} and {@link
 * #createContainer} wait for an answer.
 *
 * <p>Nothing is offered before the tables, the pools and the runtime's containers are known: an
 * allocation made earlier could end in a container that nobody chooses for.
 */
public final class Workload implements Allocator, RuntimeListener, AutoCloseable {
  /** Where containers see their folders, one a pool. */
  static final String CONTAINER_FOLDERS = "/run/rdmagid/";

  private static final Logger LOG = LoggerFactory.getLogger(Workload.class);

  /** How long the folder of a sandbox that ended stays: the same pod may get another sandbox. */
  private static final Duration RETIREMENT = Duration.ofMinutes(1);

  /** How long a disk that refuses is left alone. */
  private static final Duration DISK_PAUSE = Duration.ofSeconds(5);

  /**
   * How long the container of an allocation may take to come: its image may have to be pulled.
   * Nobody tells of a pod that is deleted before.
   */
  private static final Duration START = Duration.ofMinutes(5);

  private static final OptionalLong UNLIMITED = OptionalLong.of(-1);

  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(
          1, task -> Thread.ofPlatform().name("workload").unstarted(task));
  private final LongSupplier ticker;
  private final NodeOffers offers;
  private final RecentHolds recent = new RecentHolds();
  private final AllocationBook book;
  private final AllocationFolders folders;
  private final Map<String, Creation> waiting = new HashMap<>();
  private ClusterPools pools = ClusterPools.NONE;
  private Map<String, String> nodeLabels = Map.of();
  private @Nullable Inventory inventory;
  private boolean poolsKnown;
  private boolean synchronised;
  private @Nullable NamespaceFacts facts;
  private @Nullable OfferListener listener;
  private Future<?> followAgain = CompletableFuture.completedFuture(null);
  private Future<?> offerAgain = CompletableFuture.completedFuture(null);

  /**
   * What the workload acts by.
   *
   * @param facts makes what looks into namespaces, on the one thread that then uses it
   */
  public record Edges(
      AllocationStore store,
      AllocationFolders folders,
      Supplier<NamespaceFacts> facts,
      AssignmentReports reports) {}

  /**
   * Takes over what is on disk.
   *
   * @param node the Node's name
   * @param bootId of this boot, from /proc/sys/kernel/random/boot_id
   */
  public Workload(String node, String bootId, Edges edges) {
    this(node, bootId, edges, System::nanoTime);
  }

  /** With a time of the test's own. */
  Workload(String node, String bootId, Edges edges, LongSupplier ticker) {
    this.ticker = ticker;
    this.offers = new NodeOffers(node);
    this.folders = edges.folders();
    book =
        new AllocationBook(
            node, bootId, edges.store(), edges.folders(), this::look, edges.reports());
    thread.setRemoveOnCancelPolicy(true);
    run(() -> {
      facts = edges.facts().get();
      book.load();
    });
  }

  /** Offers go there from now on. */
  public void offerTo(OfferListener kubelet) {
    run(() -> {
      listener = kubelet;
      offer();
    });
  }

  /** The node's tables are now these. */
  public void read(Inventory newest) {
    run(() -> {
      inventory = newest;
      follow(newest);
      List.copyOf(waiting.values()).forEach(creation -> creation.attempt(false));
      offer();
    });
  }

  /** The pools of the cluster and the labels of this node are now these. */
  public void configure(Collection<PoolState> newPools, Map<String, String> labels) {
    run(() -> {
      pools = new ClusterPools(List.copyOf(newPools));
      nodeLabels = Map.copyOf(labels);
      poolsKnown = true;
      offer();
    });
  }

  @Override
  public Outcome allocate(String pool, List<String> ids) {
    try {
      return ask(() -> allocateNow(new AllocationId(pool, ids)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Refused("the agent ends");
    }
  }

  @Override
  public void synchronize(List<Sandbox> sandboxes, List<ContainerSpec> containers) {
    run(() -> {
      book.synchronize(sandboxes, containers);
      synchronised = true;
      offer();
    });
  }

  @Override
  public void sandboxStarted(Sandbox sandbox) {
    // Its containers tell of it; until one of ours comes there is nothing to know.
  }

  @Override
  public Adjustment createContainer(Sandbox sandbox, ContainerSpec container, Duration limit)
      throws InterruptedException {
    if (folders.hashesOf(container).isEmpty()) {
      return new Adjustment.None();
    }
    CompletableFuture<Adjustment> answer = new CompletableFuture<>();
    run(() -> new Creation(sandbox, container, answer).begin(limit));
    try {
      return answer.get();
    } catch (InterruptedException e) {
      // Nobody waits for the answer any more, so the container is made without it.
      run(() -> {
        waiting.remove(container.id());
        book.abandon(container.id());
      });
      throw e;
    } catch (ExecutionException e) {
      throw new IllegalStateException("container " + container.name() + " failed", e.getCause());
    }
  }

  @Override
  public void sandboxStopped(String sandboxId) {
    run(() -> {
      List<String> hashes = book.ended(sandboxId);
      if (!hashes.isEmpty()) {
        hashes.forEach(hash -> recent.add(hash, in(RETIREMENT)));
        Future<?> _ =
            thread.schedule(
                logging(() -> retire(hashes)), RETIREMENT.toMillis(), TimeUnit.MILLISECONDS);
      }
    });
  }

  @Override
  public void sandboxRemoved(String sandboxId) {
    sandboxStopped(sandboxId);
  }

  @Override
  public void containerRemoved(String sandboxId, String containerId) {
    // The next container of the sandbox takes the allocation over; else the sandbox ends.
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  private void retire(List<String> hashes) {
    hashes.forEach(book::retire);
    // What they held may be no longer offered, or be another pool's now.
    offer();
  }

  private long in(Duration time) {
    return ticker.getAsLong() + time.toNanos();
  }

  private Outcome allocateNow(AllocationId id) {
    Optional<NodePlan> plan = offers.plan();
    if (plan.isEmpty()) {
      return new Outcome.Refused("the agent does not know the node's ports yet");
    }
    Set<HeldPort> ports = new LinkedHashSet<>();
    List<String> unknown = new ArrayList<>();
    for (String device : id.ids()) {
      plan.get().portOf(device).ifPresentOrElse(ports::add, () -> unknown.add(device));
    }
    if (!unknown.isEmpty()) {
      return new Outcome.Refused("the node has no port for " + String.join(", ", unknown));
    }
    book.allocate(id, List.copyOf(ports));
    recent.add(id.hash(), in(START));
    String containerFolder = CONTAINER_FOLDERS + id.pool();
    return new Outcome.Granted(
        ports.stream().map(port -> CdiDevices.qualifiedName(port.device())).distinct().toList(),
        folders.folder(id.hash()),
        containerFolder,
        SetFiles.pointers(containerFolder, pools.setup(id.pool())));
  }

  /** Brings the files to these tables, and tries again where the disk did not take them. */
  private void follow(Inventory tables) {
    followAgain.cancel(false);
    book.read(tables);
    if (book.isBehind()) {
      followAgain =
          thread.schedule(
              logging(() -> follow(tables)), DISK_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void offer() {
    Inventory tables = inventory;
    OfferListener listening = listener;
    if (tables == null || !poolsKnown || !synchronised || listening == null) {
      return;
    }
    long now = ticker.getAsLong();
    offers
        .update(pools.states(), nodeLabels, tables, book.held(recent.at(now)), now)
        .ifPresent(listening::offered);
    offerAgain.cancel(false);
    LongStream.concat(offers.pause(now).stream(), recent.pause(now).stream())
        .min()
        .ifPresent(pause ->
            offerAgain = thread.schedule(logging(this::offer), pause, TimeUnit.NANOSECONDS));
  }

  /** A container that is being made, until it has its answer. */
  private final class Creation {
    private final Sandbox sandbox;
    private final ContainerSpec container;
    private final CompletableFuture<Adjustment> answer;

    Creation(Sandbox sandbox, ContainerSpec container, CompletableFuture<Adjustment> answer) {
      this.sandbox = sandbox;
      this.container = container;
      this.answer = answer;
    }

    void begin(Duration limit) {
      guarded(() -> {
        Optional<String> objection = SeparateKernels.objection(sandbox.runtimeHandler());
        if (objection.isPresent()) {
          refuse(objection.get());
          return;
        }
        Optional<List<AllocationRecord>> known = book.allocationsOf(container);
        if (known.isEmpty()) {
          refuse(
              "the agent does not know this allocation: delete the pod, so that it gets another");
          return;
        }
        Map<String, PoolTerms> terms = pools.terms(pools(known.get()));
        if (terms.size() < pools(known.get()).size()) {
          Set<String> missing = pools(known.get());
          missing.removeAll(terms.keySet());
          refuse("pool " + String.join(", ", missing) + " has no rule yet: see its conditions");
          return;
        }
        Set<String> steered = Steering.libraries(container.variables(), terms.keySet());
        terms.replaceAll((_, term) -> term.steered(steered));
        book.claim(sandbox, container, known.get(), terms);
        hold(known.get());
        waiting.put(container.id(), this);
        attempt(false);
        if (!answer.isDone()) {
          Future<?> _ =
              thread.schedule(() -> attempt(true), limit.toMillis(), TimeUnit.MILLISECONDS);
        }
      });
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

    /** Answers if all is there, or if there is no time left. */
    void attempt(boolean last) {
      guarded(() -> {
        if (answer.isDone() || !waiting.containsKey(container.id())) {
          return;
        }
        ContainerSet set = book.choose(container.id());
        List<String> objections = set.objections();
        if (objections.isEmpty()) {
          Frozen frozen = Frozen.of(set, container);
          book.settle(container.id(), set, frozen);
          waiting.remove(container.id());
          answer.complete(
              new Adjustment.Add(
                  frozen.injected(),
                  pools.memlock(set.pools()) ? UNLIMITED : OptionalLong.empty()));
        } else if (last) {
          book.refuse(container.id(), set);
          refuse(String.join("; ", objections));
        }
      });
    }

    private void refuse(String reason) {
      waiting.remove(container.id());
      answer.complete(new Adjustment.Refuse(reason));
    }

    private void guarded(Runnable step) {
      try {
        step.run();
      } catch (RuntimeException e) {
        waiting.remove(container.id());
        answer.completeExceptionally(e);
      }
    }
  }

  private NamespaceLook look(Optional<Path> namespace) {
    NamespaceFacts looking = facts;
    return looking == null
        ? NamespaceLook.Unseen.refused("the agent cannot look into namespaces")
        : looking.look(namespace);
  }

  private static Set<String> pools(List<AllocationRecord> allocations) {
    Set<String> names = new LinkedHashSet<>();
    allocations.forEach(record -> names.add(record.id().pool()));
    return names;
  }

  private void run(Runnable step) {
    Future<?> _ = thread.submit(logging(step));
  }

  private static Runnable logging(Runnable step) {
    return () -> {
      try {
        step.run();
      } catch (RuntimeException e) {
        LOG.atError().setCause(e).log("workload step failed");
      }
    };
  }

  private <T> T ask(Callable<T> question) throws InterruptedException {
    try {
      return thread.submit(question).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the workload failed", e.getCause());
    }
  }
}
