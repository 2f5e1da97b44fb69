package io.rdmagid.deviceplugin.cri;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** What the edge counts. Safe for use by any thread. */
final class CriMetrics {
  private final Map<ContainerHook, AtomicInteger> hooks = new EnumMap<>(ContainerHook.class);

  /** Registers the meters. */
  CriMetrics(MeterRegistry registry) {
    for (ContainerHook hook : ContainerHook.values()) {
      AtomicInteger value = new AtomicInteger();
      hooks.put(hook, value);
      Gauge.builder("rdmagid.container.hook", value, AtomicInteger::get)
          .description("Whether this is how the agent hears of containers")
          .tag("hook", hook.name().toLowerCase(Locale.ROOT).replace('_', '-'))
          .register(registry);
    }
  }

  /** The agent hears of containers by this one now. */
  void hook(ContainerHook now) {
    hooks.forEach((hook, value) -> value.set(hook == now ? 1 : 0));
  }
}
