package io.rdmagid.operator.eviction;

import io.rdmagid.operator.failover.Budget;
import io.rdmagid.operator.failover.HeldPod;
import io.rdmagid.operator.failover.Notice;
import io.rdmagid.operator.failover.PodRef;
import io.rdmagid.operator.failover.Progress;
import io.rdmagid.operator.failover.ProgressMapping;
import io.rdmagid.operator.failover.Situation;
import io.rdmagid.pool.FailoverPolicy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Pods, a pool's status and the cluster's budget as the API server keeps them; whoever changes them
 * can crash, before or after.
 */
final class World extends Clock implements EvictionApi, PodGroups, ClusterBudget, PoolRecord {
  /** What a crash is here. */
  static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** A pod and the group it is of. */
  private record Living(HeldPod held, String group) {}

  final Map<PodRef, Integer> evictions = new LinkedHashMap<>();
  final List<Notice> told = new ArrayList<>();
  final Set<String> guarded = new HashSet<>();

  /** Names of pods that are being deleted and do not go. */
  final Set<String> stuck = new HashSet<>();

  final Map<Instant, Set<String>> charges = new TreeMap<>();
  int asked;
  int dryRuns;
  int effects;

  /** How often progress was written down. */
  int writes;

  /** The effect, counted twice, before and after, that the process does not survive. */
  int crashAt = -1;

  /** The effect, counted likewise, at which {@link #meanwhile} happens. */
  int meanwhileAt = -1;

  /** What somebody else does. */
  Runnable meanwhile = () -> {};

  /** What somebody else does when a dry run is asked for. */
  Runnable atDryRun = () -> {};

  private final Budget budget;
  private final Map<PodRef, Living> pods = new LinkedHashMap<>();
  private final Set<PodRef> leaving = new HashSet<>();
  private final Set<PodRef> deleted = new HashSet<>();
  private Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private Progress written = Progress.NONE;
  private int version;
  private Optional<ConfigMapBudget.Ledger> ledger = Optional.empty();

  World(Budget clusterBudget) {
    this.budget = clusterBudget;
  }

  void pod(String name, String uid, String group, boolean broken) {
    PodRef pod = new PodRef("team", name, uid);
    pods.put(
        pod,
        new Living(
            new HeldPod(pod, "node", Map.of("fast", new HeldPod.Ports(1, broken ? 1 : 0, 0, 0))),
            group));
  }

  List<HeldPod> held() {
    return pods.values().stream().map(Living::held).toList();
  }

  /** Time goes by; pods that are being deleted go. */
  void pass(Duration time) {
    now = now.plus(time);
    List<PodRef> gone = leaving.stream().filter(pod -> !stuck.contains(pod.name())).toList();
    gone.forEach(pods::remove);
    gone.forEach(leaving::remove);
  }

  /** Somebody else deletes a pod, which takes its time to go. */
  void delete(String name) {
    pods.keySet().stream().filter(pod -> pod.name().equals(name)).forEach(deleted::add);
    leaving.addAll(deleted);
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }

  private void step() {
    int effect = effects++;
    if (effect == crashAt) {
      throw new Crash();
    }
    if (effect == meanwhileAt) {
      meanwhile.run();
    }
  }

  @Override
  public Outcome evict(PodRef pod, boolean dryRun) {
    asked++;
    if (!dryRun) {
      step();
    }
    if (!pods.containsKey(pod)) {
      return new Outcome.Gone();
    }
    if (deleted.contains(pod)) {
      return new Outcome.Leaving();
    }
    if (dryRun && leaving.contains(pod)) {
      return new Outcome.Leaving();
    }
    if (guarded.contains(pod.name()) && !leaving.contains(pod)) {
      return new Outcome.Refused("DisruptionBudget", "guarded", Optional.empty());
    }
    if (dryRun) {
      dryRuns++;
      atDryRun.run();
      return new Outcome.Evicted();
    }
    if (leaving.add(pod)) {
      evictions.merge(pod, 1, Integer::sum);
    }
    step();
    return new Outcome.Evicted();
  }

  @Override
  public void tell(Notice notice) {
    step();
    if (told.stream()
        .noneMatch(other ->
            other.kind() == notice.kind()
                && other.pod().equals(notice.pod())
                && other.since().equals(notice.since()))) {
      told.add(notice);
    }
    step();
  }

  @Override
  public Optional<PodGroup> of(PodRef pod) {
    Living living = pods.get(pod);
    return living == null
        ? Optional.empty()
        : Optional.of(
            new PodGroup(
                living.group(),
                pods.values().stream()
                    .filter(other -> other.group().equals(living.group()))
                    .map(other -> other.held().pod())
                    .filter(other -> !leaving.contains(other) || other.equals(pod))
                    .toList()));
  }

  @Override
  public Optional<Instant> charge(String key, Instant time) {
    Optional<Budget.Window> window = ledger.map(ConfigMapBudget.Ledger::window);
    if (budget.current(window, time).isPresent() && ledger.orElseThrow().keys().contains(key)) {
      return Optional.empty();
    }
    Optional<Instant> spent = budget.spentUntil(window, time);
    if (spent.isEmpty()) {
      step();
      ledger = Optional.of(ConfigMapBudget.Ledger.charged(ledger, key, budget, time));
      charges
          .computeIfAbsent(ledger.get().start(), _ -> new HashSet<>())
          .addAll(ledger.get().keys());
      step();
    }
    return spent;
  }

  @Override
  public boolean stands() {
    return true;
  }

  @Override
  public Progress progress() {
    return written;
  }

  @Override
  public boolean write(Progress next) {
    step();
    save(next);
    step();
    return true;
  }

  private void save(Progress next) {
    written = ProgressMapping.parse(ProgressMapping.status(next)).orElseThrow();
    version++;
    writes++;
  }

  /** Somebody else writes into the pool. */
  void otherwiseWritten() {
    version++;
  }

  /** What one operator has read: it writes only over that. */
  PoolRecord read() {
    return new PoolRecord() {
      private int read = version;
      private Progress progress = written;

      @Override
      public boolean stands() {
        return read == version;
      }

      @Override
      public Progress progress() {
        return progress;
      }

      @Override
      public boolean write(Progress next) {
        step();
        if (read != version) {
          return false;
        }
        save(next);
        read = version;
        progress = next;
        step();
        return true;
      }
    };
  }

  Map<PodRef, Integer> counts() {
    return new HashMap<>(evictions);
  }

  /**
   * What an operator does in one turn.
   *
   * @param record as it read it
   * @param poolBudget of the pool
   */
  Optional<Instant> turn(
      PoolRecord record, FailoverPolicy policy, Budget poolBudget, Pauses pauses) {
    return new Evictions(this, this, this, this)
        .run(
            record,
            progress ->
                new Situation(
                    "fast",
                    policy,
                    held(),
                    Set.of("node"),
                    false,
                    poolBudget,
                    pauses.all(),
                    progress),
            pauses);
  }
}
