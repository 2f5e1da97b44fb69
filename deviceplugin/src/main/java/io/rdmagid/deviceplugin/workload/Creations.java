package io.rdmagid.deviceplugin.workload;

import io.rdmagid.gid.GidScope;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The containers that are being made, until each has its answer; and those that were made without
 * an address that is on its way, until it is there. It belongs to the workload's thread.
 */
final class Creations {
  /**
   * How long an address is waited for after the container was made without it. The kernel looks for
   * a duplicate for about two seconds, more where it was told to ask more often; and a socket is
   * not to keep the namespace of a pod whose end nobody tells of.
   */
  private static final Duration LATE = Duration.ofSeconds(30);

  private static final OptionalLong UNLIMITED = OptionalLong.of(-1);

  private final WorkloadThread thread;
  private final AllocationBook book;
  private final NamespaceChanges changes;
  private final Consumer<List<AllocationRecord>> held;
  private final Map<String, Creation> unfinished = new HashMap<>();
  private ClusterPools pools = ClusterPools.NONE;

  /**
   * Nothing is being made yet.
   *
   * @param held gets the allocations that a container is about to have, before it has them
   */
  Creations(
      WorkloadThread thread,
      AllocationBook book,
      NamespaceChanges changes,
      Consumer<List<AllocationRecord>> held) {
    this.thread = thread;
    this.book = book;
    this.changes = changes;
    this.held = held;
  }

  /** The pools of the cluster are now these. */
  void configure(ClusterPools newest) {
    pools = newest;
  }

  /**
   * Begins.
   *
   * @param answer is completed within the limit
   */
  void begin(
      Sandbox sandbox,
      ContainerSpec container,
      CompletableFuture<Adjustment> answer,
      Duration limit) {
    new Creation(sandbox, container, answer).begin(limit);
  }

  /**
   * Claims for containers that nobody claimed for, since they were made while the agent was away:
   * their ports are in use, and their record is to say that nobody chose for them.
   */
  void claimUnseen(List<Sandbox> sandboxes, List<ContainerSpec> containers) {
    Map<String, Sandbox> alive = new HashMap<>();
    sandboxes.forEach(sandbox -> alive.put(sandbox.id(), sandbox));
    for (ContainerSpec container : containers) {
      List<AllocationRecord> allocations = book.allocationsOf(container).orElse(List.of());
      Map<String, PoolTerms> terms = pools.terms(pools(allocations));
      if (alive.containsKey(container.sandboxId())
          && !allocations.isEmpty()
          && allocations.stream().allMatch(record -> record.claim().isEmpty())
          && terms.size() == pools(allocations).size()) {
        Sandbox sandbox = alive.get(container.sandboxId());
        boolean _ =
            StoredAllocations.takes(() -> book.claim(sandbox, container, allocations, terms));
      }
    }
  }

  /** The tables have changed. */
  void lookAgain() {
    List.copyOf(unfinished.values()).forEach(Creation::lookAgain);
  }

  /** Nobody waits for the answer any more, so the container is made without it. */
  void abandon(String containerId) {
    Creation creation = unfinished.get(containerId);
    if (creation != null) {
      creation.end();
    }
    book.abandon(containerId);
  }

  /** A sandbox ended: nobody listens to its namespace any more. */
  void ended(String sandboxId) {
    for (Creation creation : List.copyOf(unfinished.values())) {
      if (creation.sandbox.id().equals(sandboxId)) {
        creation.refuse("its sandbox has ended");
      }
    }
  }

  private final class Creation {
    private final Sandbox sandbox;
    private final ContainerSpec container;
    private final CompletableFuture<Adjustment> answer;
    private final List<Runnable> listening = new ArrayList<>();

    /** Whether a look is on its way to the thread: many changes in a row need one. */
    private final AtomicBoolean told = new AtomicBoolean();

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
        Set<String> names = pools(known.get());
        Map<String, PoolTerms> terms = pools.terms(names);
        if (terms.size() < names.size()) {
          names.removeAll(terms.keySet());
          refuse("pool " + String.join(", ", names) + " has no rule yet: see its conditions");
          return;
        }
        Set<String> steered = Steering.libraries(container.variables(), terms.keySet());
        terms.replaceAll((_, term) -> term.steered(steered));
        book.claim(sandbox, container, known.get(), terms);
        held.accept(known.get());
        unfinished.put(container.id(), this);
        attempt(false);
        if (!answer.isDone()) {
          listen(terms);
          Future<?> _ = thread.runIn(limit.toNanos(), () -> attempt(true));
        }
      });
    }

    /** To where the ports' addresses are. */
    private void listen(Map<String, PoolTerms> terms) {
      Set<Optional<Path>> namespaces = new HashSet<>();
      for (PoolTerms term : terms.values()) {
        namespaces.add(
            term.rule().scope() == GidScope.HOST ? Optional.empty() : sandbox.networkNamespace());
      }
      for (Optional<Path> namespace : namespaces) {
        listening.add(
            changes.listen(
                namespace,
                () -> {
                  if (told.compareAndSet(false, true)) {
                    thread.run(() -> {
                      told.set(false);
                      lookAgain();
                    });
                  }
                }));
      }
    }

    void lookAgain() {
      if (!answer.isDone()) {
        attempt(false);
      } else if (unfinished.containsKey(container.id()) && !book.lookAgain(container.id())) {
        end();
      }
    }

    /** Answers if all is there, or if there is no time left. */
    private void attempt(boolean last) {
      guarded(() -> {
        if (answer.isDone() || !unfinished.containsKey(container.id())) {
          return;
        }
        ContainerSet set = book.choose(container.id());
        List<String> objections = set.objections();
        if (!last && (set.isLate() || !objections.isEmpty())) {
          return;
        }
        if (objections.isEmpty()) {
          settle(set);
        } else {
          book.refuse(container.id(), set);
          refuse(String.join("; ", objections));
        }
      });
    }

    private void settle(ContainerSet set) {
      Frozen frozen = Frozen.of(set, container);
      book.settle(container.id(), set, frozen);
      if (set.isLate()) {
        Future<?> _ = thread.runIn(LATE.toNanos(), this::end);
      } else {
        end();
      }
      answer.complete(
          new Adjustment.Add(
              frozen.injected(), pools.memlock(set.pools()) ? UNLIMITED : OptionalLong.empty()));
    }

    /** Has no effect on a container that has its answer. */
    void refuse(String reason) {
      end();
      answer.complete(new Adjustment.Refuse(reason));
    }

    void end() {
      unfinished.remove(container.id(), this);
      listening.forEach(Runnable::run);
      listening.clear();
    }

    private void guarded(Runnable step) {
      try {
        step.run();
      } catch (RuntimeException e) {
        end();
        answer.completeExceptionally(e);
      }
    }
  }

  private static Set<String> pools(List<AllocationRecord> allocations) {
    Set<String> names = new LinkedHashSet<>();
    allocations.forEach(record -> names.add(record.id().pool()));
    return names;
  }
}
