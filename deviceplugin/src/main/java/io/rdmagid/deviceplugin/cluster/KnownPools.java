package io.rdmagid.deviceplugin.cluster;

import io.rdmagid.api.condition.Conditions;
import io.rdmagid.api.v1alpha1.Parsed;
import io.rdmagid.api.v1alpha1.ParsedPool;
import io.rdmagid.api.v1alpha1.PoolParser;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.api.v1alpha1.RdmaGidPoolStatus;
import io.rdmagid.deviceplugin.workload.PoolState;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pools and Node labels that the agent works by: those of an earlier agent, until the server
 * has told both. Saved and told is what makes a difference to the agent: what pods hold of a pool,
 * and how far its evictions are, changes all the time and is written for people, and each agent of
 * the cluster hears of it. Thread-safe; the listener is called under the lock, so that what it
 * hears last is what is known.
 */
final class KnownPools {
  private static final Logger LOG = LoggerFactory.getLogger(KnownPools.class);

  private final PoolCache cache;
  private final BiConsumer<List<PoolState>, Map<String, String>> listener;
  private final Map<String, List<Parsed.Problem>> refused = new HashMap<>();
  private @Nullable List<RdmaGidPool> pools;
  private @Nullable Map<String, String> labels;
  private PoolCache.@Nullable Content told;

  /** What makes a difference of {@link #told}. */
  private List<Use> uses = List.of();

  /**
   * What makes a difference of one object.
   *
   * @param judged whether the operator has looked at the spec: a former one then no longer counts
   * @param state empty where the object is not understood
   * @param problems why
   */
  private record Use(
      String name,
      @Nullable String uid,
      boolean judged,
      Optional<PoolState> state,
      List<Parsed.Problem> problems) {
    static Use of(RdmaGidPool object) {
      String name = object.getMetadata().getName();
      String uid = object.getMetadata().getUid();
      return switch (PoolParser.parse(object)) {
        case ParsedPool.Valid(var pool, var effective, _) ->
            new Use(
                name,
                uid,
                isJudged(object),
                Optional.of(new PoolState(pool, effective)),
                List.of());
        case ParsedPool.Invalid(var problems) ->
            new Use(name, uid, isJudged(object), Optional.empty(), problems);
      };
    }

    /** Whether it says of a container what it gets. */
    boolean hasRule() {
      return state.flatMap(PoolState::effective).isPresent();
    }

    Use goingOnFrom(PoolState former) {
      return new Use(name, uid, judged, Optional.of(former.goingOn(state)), problems);
    }
  }

  /**
   * Nothing is known yet.
   *
   * @param listener gets all pools that make sense and the Node's labels; must not block
   */
  KnownPools(PoolCache cache, BiConsumer<List<PoolState>, Map<String, String>> listener) {
    this.cache = cache;
    this.listener = listener;
  }

  /** Tells what an earlier agent saved. */
  synchronized void recall() {
    cache
        .load()
        .ifPresent(content ->
            tell(
                content,
                goingOn(content.pools().stream().map(Use::of).toList(), content.former())));
  }

  /** The server has these pools now, all of them. */
  synchronized void pools(List<RdmaGidPool> newest) {
    pools =
        newest.stream().sorted(Comparator.comparing(pool -> pool.getMetadata().getName())).toList();
    changed();
  }

  /** The Node has these labels now. */
  synchronized void nodeLabels(Map<String, String> newest) {
    labels = Map.copyOf(newest);
    changed();
  }

  private void changed() {
    if (pools == null || labels == null) {
      return;
    }
    List<RdmaGidPool> judged = judged(pools);
    List<Use> own = judged.stream().map(Use::of).toList();
    List<RdmaGidPool> former = former(own);
    PoolCache.Content content = new PoolCache.Content(judged, former, labels);
    List<Use> newest = goingOn(own, former);
    if (told == null || !newest.equals(uses) || !content.nodeLabels().equals(told.nodeLabels())) {
      cache.save(content);
      tell(content, newest);
    }
  }

  /** These, where there is no rule now with what they were before. */
  private static List<Use> goingOn(List<Use> own, List<RdmaGidPool> former) {
    Map<String, PoolState> states = new HashMap<>();
    for (RdmaGidPool pool : former) {
      Use.of(pool).state().ifPresent(state -> states.put(pool.getMetadata().getUid(), state));
    }
    return own.stream()
        .map(use -> states.containsKey(use.uid()) ? use.goingOnFrom(states.get(use.uid())) : use)
        .toList();
  }

  /**
   * What pools were, of which there is no rule now: their spec makes no sense, or the rule is one
   * of another version. Nothing is offered by it, but nothing is taken from the pods that they
   * have.
   */
  private List<RdmaGidPool> former(List<Use> newest) {
    Set<String> without = new HashSet<>();
    newest.stream().filter(use -> !use.hasRule()).forEach(use -> without.add(use.uid()));
    return told == null
        ? List.of()
        : Stream.concat(told.former().stream(), told.pools().stream())
            .filter(pool -> without.contains(pool.getMetadata().getUid()))
            .filter(pool -> Use.of(pool).hasRule())
            .toList();
  }

  /**
   * The pools, those with a new spec as they were before until the operator has looked at it: in
   * that moment, which lasts while the operator is away, the pool would have no rule, and the
   * kubelet would refuse pods for a change that concerns none. The former pool is one object, whose
   * rule was made for its spec: a rule never meets a spec that it was not made for. What the
   * operator says of the new spec counts, also that it has no rule; and that a pool is being
   * deleted needs no judgement.
   */
  private List<RdmaGidPool> judged(List<RdmaGidPool> newest) {
    Map<String, RdmaGidPool> former = new HashMap<>();
    if (told != null) {
      told.pools().stream()
          .filter(KnownPools::isJudged)
          .forEach(pool -> former.put(pool.getMetadata().getUid(), pool));
    }
    return newest.stream()
        .map(pool ->
            isJudged(pool) || pool.getMetadata().getDeletionTimestamp() != null
                ? pool
                : former.getOrDefault(pool.getMetadata().getUid(), pool))
        .toList();
  }

  /** Whether the operator has looked at the spec that the pool has now. */
  private static boolean isJudged(RdmaGidPool pool) {
    return pool.getStatus() != null
        && Conditions.find(pool.getStatus().conditions(), RdmaGidPoolStatus.ACCEPTED)
            .filter(accepted ->
                Objects.equals(
                    accepted.getObservedGeneration(), pool.getMetadata().getGeneration()))
            .isPresent();
  }

  private void tell(PoolCache.Content content, List<Use> newest) {
    told = content;
    uses = newest;
    refused.keySet().retainAll(newest.stream().map(Use::name).collect(Collectors.toSet()));
    for (Use use : newest) {
      if (use.problems().isEmpty()) {
        refused.remove(use.name());
      } else if (!use.problems().equals(refused.put(use.name(), use.problems()))) {
        // Once for what is wrong: the operator tells the pool's owner by a condition.
        LOG.atWarn()
            .addKeyValue("pool", use.name())
            .addKeyValue("problems", use.problems())
            .log("pool not understood, not offered");
      }
    }
    listener.accept(
        newest.stream().map(Use::state).flatMap(Optional::stream).toList(), content.nodeLabels());
  }
}
