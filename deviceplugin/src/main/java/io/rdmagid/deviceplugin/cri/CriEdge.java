package io.rdmagid.deviceplugin.cri;

import io.micrometer.core.instrument.MeterRegistry;
import io.rdmagid.deviceplugin.transport.UnixTransport;
import io.rdmagid.deviceplugin.workload.AllocationId;
import io.rdmagid.deviceplugin.workload.ContainerStarts;
import io.rdmagid.deviceplugin.workload.NodeNotice;
import io.rdmagid.deviceplugin.workload.NodeNotices;
import io.rdmagid.deviceplugin.workload.OfferListener;
import io.rdmagid.deviceplugin.workload.PoolOffer;
import io.rdmagid.deviceplugin.workload.StartListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides by which {@link ContainerHook} the agent hears of containers, and answers the kubelet
 * where it is the kubelet's. A thread of its own decides, and looks for sandboxes that ended; the
 * methods may be called by any thread.
 */
public final class CriEdge implements ContainerStarts, OfferListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CriEdge.class);
  private static final Duration END_LIMIT = Duration.ofSeconds(10);

  /** How often to ask a runtime that has not answered. */
  private static final long RETRY = Duration.ofSeconds(5).toNanos();

  /** How often to look for sandboxes that ended, while some have allocations. */
  private static final long LOOK_PAUSE = Duration.ofMinutes(1).toNanos();

  /**
   * How long a start may wait for an address: the kernel takes about two seconds to look for a
   * duplicate of one of IPv6. Nobody but the pod itself waits, and the kubelet gives up after 30 s.
   */
  private static final Duration CHOICE_LIMIT = Duration.ofSeconds(5);

  private static final long FOREVER = Long.MAX_VALUE;

  private final Settings settings;
  private final StartListener listener;
  private final NodeNotices notices;
  private final CriMetrics metrics;
  private final LongSupplier ticker;
  private final UnixTransport transport = new UnixTransport("cri");
  private final RuntimeCalls runtime;
  private final RuntimeSandboxes sandboxes;
  private final PodSearch search;
  private final ReentrantLock searching = new ReentrantLock();

  /** Pools by their resources' names; those that are offered no more stay, for pods that are. */
  private final Map<String, String> pools = new ConcurrentHashMap<>();

  private final HookChoice choice;
  private final Semaphore woken = new Semaphore(0);
  private final Thread thread = Thread.ofPlatform().name("cri").unstarted(this::run);
  private Consumer<ContainerHook> hooks = _ -> {};
  private volatile @Nullable ContainerHook hook;
  private @Nullable String logged;

  /**
   * Where things are.
   *
   * @param runtimes sockets, the first of which that is there is the runtime's
   * @param podResources the kubelet's socket, usually /var/lib/kubelet/pod-resources/kubelet.sock
   */
  public record Settings(HookWish wish, List<Path> runtimes, Path podResources) {
    public Settings {
      runtimes = List.copyOf(runtimes);
    }
  }

  /**
   * Does nothing before {@link #start}.
   *
   * @param notices takes that the runtime has no NRI, and that it has it again
   */
  public CriEdge(
      Settings settings, StartListener listener, NodeNotices notices, MeterRegistry registry) {
    this(settings, listener, notices, registry, System::nanoTime);
  }

  /** With a time of the test's own. */
  CriEdge(
      Settings settings,
      StartListener listener,
      NodeNotices notices,
      MeterRegistry registry,
      LongSupplier ticker) {
    this.settings = settings;
    this.listener = listener;
    this.notices = notices;
    this.metrics = new CriMetrics(registry);
    this.ticker = ticker;
    this.choice = new HookChoice(settings.wish());
    SocketCalls calls = new SocketCalls(transport);
    runtime = new RuntimeCalls(calls, settings.runtimes());
    sandboxes = new RuntimeSandboxes(runtime, listener, ticker);
    search = new PodSearch(new KubeletCalls(calls, settings.podResources())::devices);
  }

  /**
   * Begins to decide.
   *
   * @param listening gets each hook when it has become the agent's, by the edge's thread
   */
  public void start(Consumer<ContainerHook> listening) {
    hooks = listening;
    thread.start();
  }

  /** Nobody listens at NRI's socket, or there is none; may come again and again. */
  public void nobodyAtNri() {
    boolean fresh;
    synchronized (choice) {
      fresh = choice.nobodyAtNri(ticker.getAsLong());
    }
    if (fresh) {
      woken.release();
    }
  }

  /** Somebody listens at NRI's socket. */
  public void somebodyAtNri() {
    synchronized (choice) {
      choice.somebodyAtNri();
    }
  }

  /** The runtime has told by NRI what it has. */
  public void nriSynchronized() {
    synchronized (choice) {
      choice.nriSynchronized();
    }
    woken.release();
  }

  /** By what the agent hears of containers now; empty before that is decided. */
  public Optional<ContainerHook> hook() {
    return Optional.ofNullable(hook);
  }

  /** Why the runtime cannot be asked, a sentence without a full stop; empty where it can. */
  public Optional<String> objection() {
    return runtime.objection();
  }

  /** Whether the thread lives. */
  public boolean isAlive() {
    return thread.isAlive();
  }

  @Override
  public void offered(List<PoolOffer> offers) {
    offers.forEach(offer -> pools.put(offer.resourceName(), offer.pool()));
  }

  @Override
  public Outcome starts(String resourceName, List<String> ids) throws InterruptedException {
    if (hook != ContainerHook.PRE_START) {
      return new Outcome.Ready(); // the runtime asks, too
    }
    try {
      List<ReadySandbox> ready = sandboxes.look();
      Outcome outcome =
          switch (find(ready, resourceName, Set.copyOf(ids))) {
            case PodSearch.Result.Found found -> start(found);
            case PodSearch.Result.None(Optional<ReadySandbox> near) -> refused(near);
          };
      woken.release(); // there may be sandboxes to look for now
      return outcome;
    } catch (CallFailedException e) {
      LOG.atWarn()
          .addKeyValue("resource", resourceName)
          .addKeyValue("reason", e.reason())
          .log("pod of a container not found");
      return new Outcome.Refused(e.reason());
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      if (!thread.join(END_LIMIT)) {
        LOG.atWarn().log("runtime edge does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    transport.close();
  }

  private PodSearch.Result find(List<ReadySandbox> ready, String resourceName, Set<String> ids)
      throws CallFailedException, InterruptedException {
    searching.lockInterruptibly();
    try {
      return search.find(ready, resourceName, ids);
    } finally {
      searching.unlock();
    }
  }

  private Outcome start(PodSearch.Result.Found found)
      throws CallFailedException, InterruptedException {
    ReadySandbox sandbox = found.sandbox();
    Optional<Path> namespace;
    switch (runtime.network(sandbox.id())) {
      case SandboxNetwork.Host _ -> namespace = Optional.empty();
      case SandboxNetwork.Own(Path path) -> namespace = Optional.of(path);
      case SandboxNetwork.Unknown(String reason) -> {
        return new Outcome.Refused(reason);
      }
    }
    List<AllocationId> allocations = new ArrayList<>();
    found
        .devices()
        .of(found.container())
        .forEach((resource, ids) -> {
          String pool = pools.get(resource);
          if (pool != null && !ids.isEmpty()) {
            allocations.add(new AllocationId(pool, List.copyOf(ids)));
          }
        });
    return listener.containerStarts(
        sandbox.in(namespace), found.container(), allocations, CHOICE_LIMIT);
  }

  /** What is lent to an init container comes from its pod's containers, mostly. */
  private static Outcome refused(Optional<ReadySandbox> near) {
    String whose = near.map(sandbox -> " pod " + sandbox.pod()).orElse(" any pod");
    return new Outcome.Refused(
        "the kubelet knows no container of"
            + whose
            + " with exactly these devices; where the runtime has no NRI, an init container needs"
            + " one that asks for as many of the pool in the same pod");
  }

  private void run() {
    try {
      while (true) {
        boolean _ = woken.tryAcquire(pass(), TimeUnit.NANOSECONDS);
        int _ = woken.drainPermits();
      }
    } catch (InterruptedException e) {
      LOG.atDebug().log("runtime edge ends");
    }
  }

  /** Brings the hook to what is decided, and returns after how long to look again. */
  private long pass() throws InterruptedException {
    try {
      OptionalLong due = criDue();
      if (due.equals(OptionalLong.of(0))) {
        List<ReadySandbox> _ = runtime.readySandboxes();
        synchronized (choice) {
          choice.criAnswers(ticker.getAsLong());
        }
      }
      follow();
      long pause = hook == ContainerHook.PRE_START ? look() : FOREVER;
      logged = null;
      return Math.min(pause, criDue().orElse(FOREVER));
    } catch (CallFailedException e) {
      if (!Objects.equals(logged, e.reason())) {
        logged = e.reason();
        LOG.atWarn().addKeyValue("reason", e.reason()).log("no answer by CRI");
      }
      return RETRY;
    }
  }

  private OptionalLong criDue() {
    synchronized (choice) {
      return choice.criDueIn(ticker.getAsLong());
    }
  }

  private void follow() throws CallFailedException, InterruptedException {
    ContainerHook next;
    synchronized (choice) {
      next = choice.hook().orElse(null);
    }
    ContainerHook former = hook;
    if (next == null || next == former) {
      return;
    }
    if (next == ContainerHook.PRE_START) {
      Set<String> all = sandboxes.ids();
      hook = next;
      if (former == null) {
        // What is offered from here on is registered with the hook, and starts are answered.
        hooks.accept(next);
        sandboxes.begin(all);
      } else {
        // Pools are offered: the kubelet may not ask before it is known what is there.
        sandboxes.begin(all);
        hooks.accept(next);
      }
    } else {
      hook = next;
      hooks.accept(next);
    }
    metrics.hook(next);
    LOG.atInfo().addKeyValue("hook", next).log("hook of containers chosen");
    if (settings.wish() == HookWish.AUTO) {
      notice(former, next);
    }
  }

  private void notice(@Nullable ContainerHook former, ContainerHook next) {
    if (next == ContainerHook.PRE_START) {
      notices.tell(
          new NodeNotice(
              true,
              "RuntimeWithoutNri",
              "AskBeforeStart",
              "The container runtime answers by CRI and has no NRI: containers get their index in"
                  + " files only, and start only while the rdmagid agent runs"));
    } else if (former != null) {
      notices.tell(
          new NodeNotice(
              false,
              "RuntimeWithNri",
              "AnswerRuntime",
              "The container runtime has NRI: new containers get files and variables"));
    }
  }

  /** Looks for sandboxes that ended, if it is time, and returns after how long it will be again. */
  private long look() throws CallFailedException, InterruptedException {
    if (!sandboxes.concern()) {
      return FOREVER;
    }
    long due = LOOK_PAUSE - sandboxes.sinceLook();
    if (due > 0) {
      return due;
    }
    List<ReadySandbox> _ = sandboxes.look();
    return LOOK_PAUSE;
  }
}
