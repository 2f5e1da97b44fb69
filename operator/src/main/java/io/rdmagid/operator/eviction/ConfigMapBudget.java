package io.rdmagid.operator.eviction;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.rdmagid.operator.failover.Budget;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster's budget in a ConfigMap: when the window began, and whom it counted, one a line.
 * Written with the resourceVersion that was read, so that of two writers one is refused (409, an
 * exception of the client) and reads again. One that nobody understands is a window that begins now
 * and is full: somebody wrote to it, and it is better to wait than to evict too many.
 */
final class ConfigMapBudget implements ClusterBudget {
  static final String NAME = "rdmagid-failover";
  static final String WINDOW = "window";
  static final String EVICTIONS = "evictions";

  private static final Logger LOG = LoggerFactory.getLogger(ConfigMapBudget.class);

  private final KubernetesClient client;
  private final String namespace;
  private final Budget budget;

  ConfigMapBudget(KubernetesClient client, String namespace, Budget budget) {
    this.client = client;
    this.namespace = namespace;
    this.budget = budget;
  }

  /** What is written: pure. */
  record Ledger(Instant start, Set<String> keys) {
    Ledger {
      keys = Set.copyOf(keys);
    }

    /** Empty where it is not understood. */
    static Optional<Ledger> parse(Map<String, String> data) {
      try {
        String start = data.get(WINDOW);
        String keys = data.get(EVICTIONS);
        return start == null || keys == null
            ? Optional.empty()
            : Optional.of(
                new Ledger(Instant.parse(start), new LinkedHashSet<>(keys.lines().toList())));
      } catch (DateTimeException e) {
        return Optional.empty();
      }
    }

    Map<String, String> data() {
      return Map.of(
          WINDOW, start.toString(), EVICTIONS, String.join("\n", keys.stream().sorted().toList()));
    }

    Budget.Window window() {
      return new Budget.Window(start, keys.size());
    }

    /** With one more, in a new window if that of {@code before} is over. */
    static Ledger charged(Optional<Ledger> before, String key, Budget budget, Instant now) {
      Set<String> keys = new LinkedHashSet<>();
      Instant start = now;
      if (budget.current(before.map(Ledger::window), now).isPresent()) {
        start = before.orElseThrow().start();
        keys.addAll(before.orElseThrow().keys());
      }
      keys.add(key);
      return new Ledger(start, keys);
    }
  }

  @Override
  public Optional<Instant> charge(String key, Instant now) {
    Resource<ConfigMap> resource = client.configMaps().inNamespace(namespace).withName(NAME);
    ConfigMap found = resource.get();
    if (found == null) {
      return charge(Optional.empty(), key, now, null);
    }
    Map<String, String> data = Objects.requireNonNullElse(found.getData(), Map.of());
    Optional<Ledger> ledger = data.isEmpty() ? Optional.empty() : Ledger.parse(data);
    if (ledger.isEmpty() && !data.isEmpty()) {
      LOG.atWarn().addKeyValue("configMap", namespace + "/" + NAME).log("budget not understood");
      return Optional.of(now.plus(budget.length()));
    }
    return charge(ledger, key, now, found.getMetadata().getResourceVersion());
  }

  private Optional<Instant> charge(
      Optional<Ledger> ledger, String key, Instant now, @Nullable String resourceVersion) {
    Optional<Budget.Window> window = ledger.map(Ledger::window);
    if (budget.current(window, now).isPresent() && ledger.orElseThrow().keys().contains(key)) {
      return Optional.empty();
    }
    Optional<Instant> spent = budget.spentUntil(window, now);
    if (spent.isEmpty()) {
      ConfigMap next =
          new ConfigMapBuilder()
              .withNewMetadata()
              .withNamespace(namespace)
              .withName(NAME)
              .withResourceVersion(resourceVersion)
              .endMetadata()
              .withData(Ledger.charged(ledger, key, budget, now).data())
              .build();
      ConfigMap _ =
          resourceVersion == null ? client.resource(next).create() : client.resource(next).update();
    }
    return spent;
  }
}
