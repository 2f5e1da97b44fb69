package io.rdmagid.deviceplugin.workload;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The containers that are being made, until each has its answer. It belongs to the workload's
 * thread.
 */
final class Creations {
  private static final Logger LOG = LoggerFactory.getLogger(Creations.class);
  private static final OptionalLong UNLIMITED = OptionalLong.of(-1);

  private final WorkloadThread thread;
  private final AllocationBook book;
  private final NamespaceChanges changes;
  private final Runnable settled;
  private final Supplier<ClusterPools> pools;
  private final Consumer<List<AllocationRecord>> held;
  private final Refusals refusals;
  private final Map<String, Creation> unfinished = new HashMap<>();

  /**
   * Nothing is being made yet.
   *
   * @param settled is done when a container has its set
   * @param pools the cluster's now
   * @param held gets the allocations that a container is about to have, before it has them
   */
  Creations(
      WorkloadThread thread,
      AllocationBook book,
      NamespaceChanges changes,
      Runnable settled,
      Supplier<ClusterPools> pools,
      Consumer<List<AllocationRecord>> held,
      Refusals refusals) {
    this.thread = thread;
    this.book = book;
    this.changes = changes;
    this.settled = settled;
    this.pools = pools;
    this.held = held;
    this.refusals = refusals;
  }

  /**
   * Begins.
   *
   * @param answer is completed within the limit
   * @param limit how long it may take from now on; where it is over already, there is one try
   */
  void begin(
      Sandbox sandbox,
      ContainerSpec container,
      CompletableFuture<Adjustment> answer,
      Duration limit) {
    new Creation(sandbox, container, answer).begin(limit);
  }

  /** The tables have changed. */
  void lookAgain() {
    List.copyOf(unfinished.values()).forEach(creation -> creation.attempt(false));
  }

  /** Nobody waits for the answer any more, so the container is made without it. */
  void abandon(String containerId) {
    Creation creation = unfinished.get(containerId);
    if (creation != null) {
      creation.end();
      creation.answer.complete(new Adjustment.None());
    }
    book.abandon(containerId);
  }

  /** Sandboxes ended: nobody listens to their namespaces any more. */
  void ended(Predicate<String> sandboxId) {
    for (Creation creation : List.copyOf(unfinished.values())) {
      if (sandboxId.test(creation.sandbox.id())) {
        creation.refuse(Obstacle.SANDBOX_ENDED, "its sandbox has ended");
      }
    }
  }

  private final class Creation {
    private final Sandbox sandbox;
    private final ContainerSpec container;
    private final CompletableFuture<Adjustment> answer;
    private boolean required;
    private @Nullable Listening listening;

    Creation(Sandbox sandbox, ContainerSpec container, CompletableFuture<Adjustment> answer) {
      this.sandbox = sandbox;
      this.container = container;
      this.answer = answer;
    }

    void begin(Duration limit) {
      guarded(() -> {
        Optional<String> objection = SeparateKernels.objection(sandbox.runtimeHandler());
        if (objection.isPresent()) {
          refuse(Obstacle.SEPARATE_KERNEL, objection.get());
          return;
        }
        Optional<List<AllocationRecord>> known = book.allocationsOf(container);
        if (known.isEmpty()) {
          refuse(
              Obstacle.UNKNOWN_ALLOCATION,
              "the agent does not know this allocation: delete the pod, so that it gets another");
          return;
        }
        Set<String> names = PodHoldings.pools(known.get());
        Map<String, PoolTerms> terms = pools.get().terms(container, names);
        if (terms.size() < names.size()) {
          names.removeAll(terms.keySet());
          refuse(
              Obstacle.NO_RULE,
              "pool " + String.join(", ", names) + " has no rule yet: see its conditions");
          return;
        }
        required = terms.values().stream().anyMatch(term -> term.rule().required());
        try {
          book.claim(sandbox, container, known.get(), terms);
        } finally {
          held.accept(known.get());
        }
        Creation former = unfinished.put(container.id(), this);
        if (former != null) {
          former.giveWay(answer);
        }
        attempt(!limit.isPositive());
        if (!answer.isDone()) {
          listen(terms);
          Future<?> _ = thread.in(limit, () -> attempt(true));
        }
      });
    }

    /** To where the ports' addresses are. */
    private void listen(Map<String, PoolTerms> terms) {
      Set<Optional<Path>> namespaces =
          terms.values().stream()
              .map(term -> sandbox.namespaceOf(term.rule().scope()))
              .collect(Collectors.toSet());
      listening = new Listening(thread, changes, namespaces, () -> attempt(false));
    }

    /**
     * Answers if all is there, if there is no time left, or if waiting would not help: the runtime
     * holds a lock of the whole node meanwhile.
     */
    void attempt(boolean last) {
      guarded(() -> {
        if (answer.isDone() || unfinished.get(container.id()) != this) {
          return;
        }
        ContainerSet set = book.choose(container.id());
        List<PortOutcome> objections = set.objections();
        boolean hopeless = !objections.stream().allMatch(PortOutcome::mayPass);
        boolean awaits = set.isLate() || !objections.isEmpty();
        if (!last && awaits && !hopeless) {
          return;
        }
        if (objections.isEmpty()) {
          settle(set);
        } else {
          book.refuse(container.id(), set);
          refuse(objections.getFirst().obstacle().orElseThrow(), texts(objections));
        }
      });
    }

    private void settle(ContainerSet set) {
      Frozen frozen = Frozen.of(set, container);
      book.settle(container.id(), set, frozen);
      end();
      settled.run();
      answer.complete(
          new Adjustment.Add(
              frozen.injected(),
              pools.get().memlock(set.pools()) ? UNLIMITED : OptionalLong.empty()));
    }

    /** Nothing of it is known after a restart: no index, and no container that must have one. */
    private void withoutDisk(UncheckedIOException refusal) {
      LOG.atError()
          .setCause(refusal)
          .addKeyValue("pod", sandbox.namespace() + "/" + sandbox.podName())
          .addKeyValue("container", container.name())
          .log("disk refuses, container gets no index");
      if (required) {
        book.refuse(container.id());
        refuse(
            Obstacle.DISK, "the node's disk takes nothing: " + StoredAllocations.reason(refusal));
      } else {
        boolean _ = book.adopt(container);
        end();
        settled.run();
        answer.complete(new Adjustment.None());
      }
    }

    /** Has no effect on a container that has its answer. */
    void refuse(Obstacle why, String reason) {
      end();
      if (!answer.isDone()) {
        refusals.refused(why);
        answer.complete(new Adjustment.Refuse(why, reason));
      }
    }

    private static String texts(List<PortOutcome> objections) {
      return objections.stream().map(PortOutcome::sentence).collect(Collectors.joining("; "));
    }

    /**
     * The same is asked again, as by a kubelet whose patience is over: who asked before gets the
     * same answer.
     */
    private void giveWay(CompletableFuture<Adjustment> next) {
      end();
      CompletableFuture<Adjustment> _ =
          next.whenComplete((given, failure) -> {
            boolean _ =
                failure == null ? answer.complete(given) : answer.completeExceptionally(failure);
          });
    }

    void end() {
      unfinished.remove(container.id(), this);
      if (listening != null) {
        listening.end();
        listening = null;
      }
    }

    private void guarded(Runnable step) {
      try {
        step.run();
      } catch (UncheckedIOException e) {
        withoutDisk(e);
      } catch (RuntimeException e) {
        end();
        answer.completeExceptionally(e);
      }
    }
  }
}
