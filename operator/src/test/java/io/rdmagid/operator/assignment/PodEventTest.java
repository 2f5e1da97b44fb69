package io.rdmagid.operator.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.api.event.EventNote;
import io.rdmagid.assignment.AssignedPort;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PodEventTest {
  private static final PodEvent EVENT =
      new PodEvent(PodEvent.Reason.ASSIGNED, "train", 3, "message");

  @Test
  void theNameIsThatOfPodReasonContainerGenerationAndMessage() {
    String name = EVENT.objectName("train-0", "uid");

    assertThat(name).matches("train-0\\.[0-9a-f]{16}");
    assertThat(
            new PodEvent(PodEvent.Reason.ASSIGNED, "train", 3, "message")
                .objectName("train-0", "uid"))
        .isEqualTo(name);
    assertThat(
            List.of(
                EVENT.objectName("train-0", "uid-1"),
                new PodEvent(PodEvent.Reason.LOST, "train", 3, "message")
                    .objectName("train-0", "uid"),
                new PodEvent(PodEvent.Reason.ASSIGNED, "side", 3, "message")
                    .objectName("train-0", "uid"),
                new PodEvent(PodEvent.Reason.ASSIGNED, "train", 4, "message")
                    .objectName("train-0", "uid"),
                new PodEvent(PodEvent.Reason.ASSIGNED, "train", 3, "other")
                    .objectName("train-0", "uid")))
        .doesNotHaveDuplicates()
        .doesNotContain(name);
  }

  @Test
  void theNameIsADnsSubdomainHoweverLongThePodsIs() {
    assertThat(EVENT.objectName("a".repeat(199) + "." + "b".repeat(53), "uid"))
        .matches("a{199}\\.[0-9a-f]{16}");
  }

  @Test
  void theMessageFitsHoweverManyPorts() {
    List<AssignedPort> ports = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      ports.add(AssignedPorts.current("train", "mlx5_" + i, 3, "fd00::1234:5678", 1));
    }

    assertThat(AssignmentChange.between(List.of(), 0, ports))
        .singleElement()
        .satisfies(event ->
            assertThat(event.message())
                .matches("container train: mlx5_0/1 index 3 .* and [0-9]+ more")
                .satisfies(message ->
                    assertThat(message.getBytes(StandardCharsets.UTF_8))
                        .hasSizeBetween(900, EventNote.MOST_BYTES)));
  }
}
