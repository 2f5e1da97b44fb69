package io.rdmagid.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.management.ProcessOptions;
import io.rdmagid.operator.eviction.FailoverSettings;
import io.rdmagid.operator.failover.Budget;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperatorConfigTest {
  private static final Map<String, String> POD =
      Map.of("POD_NAMESPACE", "rdmagid-system", "HOSTNAME", "operator-1");

  private static OperatorConfig valid(Map<String, String> environment, String... arguments) {
    OperatorConfig.Result result = OperatorConfig.parse(List.of(arguments), environment);
    assertThat(result).isInstanceOf(OperatorConfig.Result.Valid.class);
    return ((OperatorConfig.Result.Valid) result).config();
  }

  private static List<String> problems(Map<String, String> environment, String... arguments) {
    OperatorConfig.Result result = OperatorConfig.parse(List.of(arguments), environment);
    assertThat(result).isInstanceOf(OperatorConfig.Result.Invalid.class);
    return ((OperatorConfig.Result.Invalid) result).problems();
  }

  @Test
  void defaults() {
    assertThat(valid(POD))
        .isEqualTo(
            new OperatorConfig(
                "rdmagid-system",
                "operator-1",
                Optional.empty(),
                Optional.empty(),
                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 9848),
                ProcessOptions.LogLevel.INFO));
  }

  @Test
  void everyOptionCounts() {
    assertThat(
            valid(
                POD,
                "--leader-election-namespace=other",
                "--failover=true",
                "--failover-breaker-share=0.5",
                "--failover-pool-budget=0",
                "--failover-cluster-budget=7",
                "--failover-window-seconds=60",
                "--webhook-address=[::1]:9849",
                "--webhook-certificate=/certificate",
                "--management-address=[::1]:0",
                "--log-level=trace"))
        .isEqualTo(
            new OperatorConfig(
                "other",
                "operator-1",
                Optional.of(
                    new FailoverSettings(
                        0.5,
                        new Budget(0, Duration.ofMinutes(1)),
                        new Budget(7, Duration.ofMinutes(1)))),
                Optional.of(
                    new OperatorConfig.Webhook(
                        new InetSocketAddress(InetAddress.ofLiteral("::1"), 9849),
                        Path.of("/certificate"))),
                new InetSocketAddress(InetAddress.ofLiteral("::1"), 0),
                ProcessOptions.LogLevel.TRACE));
  }

  @Test
  void allProblemsAtOnce() {
    assertThat(
            problems(
                Map.of(),
                "--leader-election-namespace=Not_One",
                "--management-address=here",
                "--log-level=loud",
                "--failover=maybe",
                "--failover-breaker-share=20%",
                "--failover-pool-budget=-1",
                "--failover-cluster-budget=1e3",
                "--failover-window-seconds=0",
                "--no-such-option",
                "stray"))
        .hasSize(10)
        .anySatisfy(problem -> assertThat(problem).startsWith("--failover 'maybe'"))
        .anySatisfy(problem -> assertThat(problem).startsWith("--failover-breaker-share '20%'"))
        .anySatisfy(problem -> assertThat(problem).startsWith("--failover-pool-budget '-1'"))
        .anySatisfy(problem -> assertThat(problem).startsWith("--failover-cluster-budget '1e3'"))
        .anySatisfy(problem -> assertThat(problem).startsWith("--failover-window-seconds '0'"))
        .anySatisfy(
            problem -> assertThat(problem).startsWith("--leader-election-namespace 'Not_One'"))
        .anySatisfy(problem -> assertThat(problem).startsWith("--management-address 'here'"))
        .anySatisfy(problem -> assertThat(problem).startsWith("--log-level 'loud'"))
        .anySatisfy(problem -> assertThat(problem).startsWith("--no-such-option "))
        .anySatisfy(problem -> assertThat(problem).startsWith("stray "));
  }

  @Test
  void anOptionWithoutItsValueHidesNoOther() {
    assertThat(problems(POD, "--management-address", "--log-level"))
        .hasSize(2)
        .anySatisfy(problem -> assertThat(problem).startsWith("--management-address needs a value"))
        .anySatisfy(problem -> assertThat(problem).startsWith("--log-level needs a value"));
  }

  @Test
  void aNamespaceIsNeeded() {
    assertThat(problems(Map.of()))
        .singleElement()
        .asString()
        .startsWith("--leader-election-namespace is missing")
        .contains("POD_NAMESPACE");
  }

  /** An API server refuses Events of nobody. */
  @ParameterizedTest
  @ValueSource(strings = {"", " "})
  void withoutAHostnameTheIdentityIsRandom(String hostname) {
    Map<String, String> environment =
        Map.of("POD_NAMESPACE", "rdmagid-system", "HOSTNAME", hostname);

    String identity = valid(environment).identity();

    assertThat(identity).matches("[0-9a-f-]{36}").isNotEqualTo(valid(environment).identity());
    assertThat(valid(Map.of("POD_NAMESPACE", "rdmagid-system")).identity())
        .matches("[0-9a-f-]{36}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:65536", "127.0.0.1", ":", "[::1]", "::1:9848"})
  void addressesAreChecked(String address) {
    assertThat(problems(POD, "--management-address=" + address))
        .singleElement()
        .asString()
        .startsWith("--management-address");
  }

  @Test
  void helpNamesEveryOptionWhateverElseIsWrong() {
    OperatorConfig.Result result =
        OperatorConfig.parse(List.of("--help", "--log-level=x"), Map.of());

    assertThat(result).isInstanceOf(OperatorConfig.Result.Help.class);
    assertThat(((OperatorConfig.Result.Help) result).text())
        .contains("--leader-election-namespace", "--management-address", "--log-level");
  }
}
