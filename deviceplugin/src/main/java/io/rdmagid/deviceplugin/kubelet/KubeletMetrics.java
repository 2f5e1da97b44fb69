package io.rdmagid.deviceplugin.kubelet;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What the kubelet edge counts. Safe for use by any thread. */
final class KubeletMetrics {
  private final MeterRegistry registry;
  private final Map<String, Registered> registered = new ConcurrentHashMap<>();
  private final Counter granted;
  private final Counter refused;
  private final Counter invalid;
  private final Counter failed;

  KubeletMetrics(MeterRegistry registry) {
    this.registry = registry;
    granted = allocations("granted");
    refused = allocations("refused");
    invalid = allocations("invalid");
    failed = allocations("failed");
  }

  /** What became of a PreStartContainer: ready, refused, invalid or failed. */
  void start(String outcome) {
    Counter.builder("rdmagid.kubelet.starts")
        .description("PreStartContainer calls of the kubelet")
        .tag("outcome", outcome)
        .register(registry)
        .increment();
  }

  private record Registered(AtomicInteger value, Gauge gauge) {}

  /** Whether the kubelet has the pool now. */
  void registered(String pool, boolean now) {
    registered.computeIfAbsent(pool, this::gauge).value().set(now ? 1 : 0);
  }

  /** The pool is offered no more. */
  void removed(String pool) {
    Registered gone = registered.remove(pool);
    if (gone != null) {
      registry.remove(gone.gauge());
    }
  }

  /** An Allocate was answered with devices. */
  void granted() {
    granted.increment();
  }

  /** The agent refused an Allocate. */
  void refused() {
    refused.increment();
  }

  /** An Allocate asked for what is not offered. */
  void invalid() {
    invalid.increment();
  }

  /** An Allocate failed for a reason that nobody foresaw. */
  void failed() {
    failed.increment();
  }

  private Registered gauge(String pool) {
    AtomicInteger value = new AtomicInteger();
    return new Registered(
        value,
        Gauge.builder("rdmagid.kubelet.registered", value, AtomicInteger::get)
            .description("Whether the kubelet has the pool")
            .tag("pool", pool)
            .register(registry));
  }

  private Counter allocations(String outcome) {
    return Counter.builder("rdmagid.kubelet.allocations")
        .description("Allocate calls of the kubelet")
        .tag("outcome", outcome)
        .register(registry);
  }
}
