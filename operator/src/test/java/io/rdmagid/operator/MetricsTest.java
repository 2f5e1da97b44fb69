package io.rdmagid.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javaoperatorsdk.operator.Operator;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.rdmagid.operator.fact.ClusterFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The documentation has a row for each metric of ours, with its labels, and for no other. */
class MetricsTest {
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `(rdmagid_[a-z_]+)(\\{[a-z,]+})?` \\|");
  private static final Pattern SERIES = Pattern.compile("(?m)^(rdmagid_[a-z_]+)(\\{[^}]*})? ");

  @Test
  void everyMetricIsDocumented() throws IOException {
    String documentation = Files.readString(Path.of("../docs/operator.md"));
    assertThat(registered())
        .isNotEmpty()
        .isEqualTo(
            ROW.matcher(documentation)
                .results()
                .map(MetricsTest::series)
                .collect(Collectors.toCollection(TreeSet::new)));
  }

  private static Set<String> registered() {
    OperatorConfig config =
        ((OperatorConfig.Result.Valid)
                OperatorConfig.parse(
                    List.of("--leader-election-namespace=rdmagid", "--failover=true"), Map.of()))
            .config();
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    try (KubernetesClient client = new KubernetesClientBuilder().build()) {
      Operator _ = OperatorMain.operator(config, client, new ClusterFacts(), registry);
    }
    return SERIES
        .matcher(registry.scrape())
        .results()
        .map(MetricsTest::series)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** {@code name{label,label}}, without values. */
  private static String series(MatchResult found) {
    String labels = found.group(2) == null ? "" : found.group(2);
    return found.group(1) + labels.replaceAll("=\"[^\"]*\"", "");
  }
}
