package io.rdmagid.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchCommandTest {
  @Test
  void theFlagsAreThoseOfTheImage() {
    AgentJvm jvm =
        AgentJvm.parse("<jvm.flags>-XX:+UseSerialGC,-Xmx64m</jvm.flags>\n<other>x</other>");

    assertThat(jvm.command("java", "a:b", "ReadBench", List.of("/sys")))
        .containsExactly(
            "java",
            "-XX:+UseSerialGC",
            "-Xmx64m",
            "-cp",
            "a:b",
            "io.rdmagid.deviceplugin.bench.ReadBench",
            "/sys");
  }

  @Test
  void deployHasFlagsWhereTheyAreLookedFor() {
    assertThat(AgentJvm.ofImage().flags())
        .contains(
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED");
  }

  @Test
  void theOperatorsFlagsAreThoseOfItsImage() {
    assertThat(
            OperatorJvm.parse(
                    "<entrypoint>/opt/java/bin/java,-Xmx3m,-Xint,-cp,@/app/list,a.Main</entrypoint>")
                .flags())
        .containsExactly("-Xmx3m", "-Xint");
    assertThat(OperatorJvm.ofImage().flags())
        .contains("-XX:+UseSerialGC", "-XX:MaxRAMPercentage=62.5", "-XX:+ExitOnOutOfMemoryError");
  }

  /** The last word on it: the image's share is one of the machine's memory here. */
  @Test
  void theOperatorsHeapHasTheSizeThatItHasInItsContainer() {
    assertThat(new OperatorJvm(List.of("-XX:MaxRAMPercentage=62.5")).command("--option"))
        .containsSubsequence("-XX:MaxRAMPercentage=62.5", "-Xmx320m", "-cp", "--option");
  }

  @Test
  void thePodRunsTheCommandAsItIs() {
    List<String> command = List.of("java", "-cp", "/bench/classes:/app/libs/*", "it's", "::1");

    Pod pod =
        Serialization.unmarshal(BenchPod.yaml("node-a", "localhost/agent:1", command), Pod.class);

    Container container = pod.getSpec().getContainers().getFirst();
    assertThat(container.getCommand()).isEqualTo(command);
    assertThat(container.getSecurityContext().getPrivileged()).isTrue();
    assertThat(pod.getSpec().getHostNetwork()).isTrue();
    assertThat(pod.getSpec().getRestartPolicy()).isEqualTo("Never");
  }
}
