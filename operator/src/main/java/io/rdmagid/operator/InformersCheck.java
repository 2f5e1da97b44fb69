package io.rdmagid.operator;

import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.RegisteredController;
import io.javaoperatorsdk.operator.health.EventSourceHealthIndicator;
import io.javaoperatorsdk.operator.health.InformerHealthIndicator;
import io.javaoperatorsdk.operator.health.InformerWrappingEventSourceHealthIndicator;
import io.rdmagid.management.CheckResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Whether every informer has read what there is and hears of what changes. The SDK's own health
 * says so of an informer that has stopped hearing.
 *
 * @param started whether the operator's start has returned; the operator itself, asked for that,
 *     does not answer before
 */
record InformersCheck(Operator operator, BooleanSupplier started) implements Supplier<CheckResult> {
  @Override
  public CheckResult get() {
    if (!started.getAsBoolean()) {
      return CheckResult.failing("not all objects are read yet");
    }
    List<String> deaf = new ArrayList<>();
    for (RegisteredController<?> controller : operator.getRegisteredControllers()) {
      Map<String, EventSourceHealthIndicator> sources =
          controller.getControllerHealthInfo().eventSourceHealthIndicators();
      sources.forEach((name, source) -> {
        if (source instanceof InformerWrappingEventSourceHealthIndicator<?> informers
            && !informers.informerHealthIndicators().values().stream()
                .allMatch(InformersCheck::hears)) {
          deaf.add(controller.getConfiguration().getName() + "/" + name);
        }
      });
    }
    return deaf.isEmpty()
        ? CheckResult.passing()
        : CheckResult.failing("no watch: " + String.join(", ", deaf));
  }

  private static boolean hears(InformerHealthIndicator informer) {
    return informer.isRunning() && informer.hasSynced() && informer.isWatching();
  }
}
