package io.rdmagid.deviceplugin.cluster;

import io.rdmagid.deviceplugin.pace.TokenBucket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;

/**
 * When the agent may write what differs. The first changes of a port are written at once; of one
 * that keeps changing the newest state is, at a bounded pace, and so is the whole of a node. Pure:
 * times are given, and are {@code System.nanoTime}. Not thread-safe.
 */
final class WritePace {
  /**
   * The Node changes at most this often, but for the first change after a quiet time: kubelets and
   * schedulers watch it.
   */
  static final Duration NODE_INTERVAL = Duration.ofSeconds(30);

  /** What a port may write at once: its object is made by two requests, and changes a few times. */
  static final int PORT_BURST = 6;

  /** The window between readings of a device that keeps changing. */
  static final Duration PORT_INTERVAL = Duration.ofSeconds(1);

  /** What an agent may write at once: the objects of 128 ports are made. */
  static final int AGENT_BURST = 256;

  static final Duration AGENT_INTERVAL = Duration.ofMillis(125);

  /**
   * How long a port that gets unusable is not told to be: an address that moves is deleted first
   * and added then, and a reading may fall between. It is more than the first window between two
   * readings (50 ms), so that the move is one write.
   */
  static final Duration WORSE_WAITS = Duration.ofMillis(100);

  /**
   * How long at least what pools make of a port is not told: a spec that changes has no rule until
   * the operator has made one, about a second later.
   */
  private static final Duration LEAST_POOLS_WAIT = Duration.ofSeconds(2);

  /** How much is added at most. */
  private static final Duration POOLS_SPREAD = Duration.ofSeconds(5);

  private final Duration poolsWait;
  private final TokenBucket agent = new TokenBucket(AGENT_BURST, AGENT_INTERVAL);
  private final TokenBucket node = new TokenBucket(1, NODE_INTERVAL);
  private final Map<String, TokenBucket> ports = new HashMap<>();
  private final Map<String, Waiting> waiting = new HashMap<>();

  /**
   * Nothing is written yet.
   *
   * @param poolsWait how long a change is not told that is of pools only
   */
  WritePace(Duration poolsWait) {
    this.poolsWait = poolsWait;
  }

  /** By chance: a pool that changes is heard of by all agents of the cluster at the same time. */
  static WritePace spread() {
    return new WritePace(
        LEAST_POOLS_WAIT.plusNanos(ThreadLocalRandom.current().nextLong(POOLS_SPREAD.toNanos())));
  }

  /** When the object of a port may be written; empty if now. */
  OptionalLong portDueAt(String name, long now) {
    TokenBucket port = ports.get(name);
    return later(port == null ? OptionalLong.empty() : port.dueAt(now), agent.dueAt(now));
  }

  /** The object of a port was written. */
  void portWritten(String name, long now) {
    ports.computeIfAbsent(name, _ -> new TokenBucket(PORT_BURST, PORT_INTERVAL)).take(now);
    agent.take(now);
    waiting.remove(name);
  }

  /** When the Node may be written; empty if now. */
  OptionalLong nodeDueAt(long now) {
    return node.dueAt(now);
  }

  /** The Node was written. */
  void nodeWritten(long now) {
    node.take(now);
  }

  /** What differs between a port as it is told and as it has become. */
  enum Difference {
    /** It was usable, and no longer is. */
    WORSE,
    /** What pools make of it, and nothing else. */
    POOLS,
    /** Something else, or nothing. */
    OTHER
  }

  private record Waiting(Difference difference, long start) {}

  /** When what a port has become may be told; empty if now. */
  OptionalLong tellableAt(String name, Difference difference, long now) {
    Duration wait =
        switch (difference) {
          case WORSE -> WORSE_WAITS;
          case POOLS -> poolsWait;
          case OTHER -> Duration.ZERO;
        };
    if (wait.isZero()) {
      waiting.remove(name);
      return OptionalLong.empty();
    }
    Waiting since =
        waiting.compute(
            name,
            (_, before) ->
                before != null && before.difference == difference
                    ? before
                    : new Waiting(difference, now));
    long at = since.start + wait.toNanos();
    return at - now > 0 ? OptionalLong.of(at) : OptionalLong.empty();
  }

  /** Forgets what makes no difference: ports come and go. */
  void tidy(long now) {
    ports.values().removeIf(bucket -> bucket.isFull(now));
  }

  private static OptionalLong later(OptionalLong one, OptionalLong other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.isEmpty() ? other : one;
    }
    return one.getAsLong() - other.getAsLong() >= 0 ? one : other;
  }
}
