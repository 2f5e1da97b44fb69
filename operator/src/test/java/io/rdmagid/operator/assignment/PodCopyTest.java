package io.rdmagid.operator.assignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.rdmagid.api.naming.PodMetadata;
import io.rdmagid.api.v1alpha1.AssignmentMapping;
import io.rdmagid.api.v1alpha1.ParsedAssignment;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.operator.Golden;
import io.rdmagid.operator.TestClock;
import io.rdmagid.operator.assignment.PodApi.PodRef;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PodCopyTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);
  private static final PodRef POD = new PodRef("team", "train-0", "uid-0");
  private static final List<AssignedPort> PORTS =
      List.of(AssignedPorts.current("train", "mlx5_0", 3, "::ffff:10.0.0.1", 1));

  private static final Difference.Check NONE = new Difference.Check(List.of(), true);

  static List<Golden> files() {
    return Golden.in("assignment");
  }

  @ParameterizedTest
  @MethodSource("files")
  void whatAPodShows(Golden golden) {
    FakePodApi api = api(golden.objects(Pod.class).getFirst());
    RdmaGidAssignment object = golden.objects(RdmaGidAssignment.class).getFirst();
    PodRef pod = new PodRef("team", "train-0", object.getSpec().podUID());
    List<AssignedPort> ports =
        ((ParsedAssignment.Valid) AssignmentMapping.parse(object)).assignment().ports();
    PodCopy copy = copy(api);

    Optional<Duration> _ = copy.show(pod, ports, NONE);

    golden.check(made(api));
    int writes = api.writes;
    Optional<Duration> _ = copy.show(pod, ports, NONE);
    assertThat(api.writes).as("nothing is left to write").isEqualTo(writes);
  }

  private static PodCopy copy(FakePodApi api) {
    return new PodCopy(api, new StandingDifferences(CLOCK), "rdmagid.io/"::concat, CLOCK);
  }

  private static FakePodApi api(Pod pod) {
    PodCondition condition =
        pod.getStatus() == null
            ? null
            : pod.getStatus().getConditions().stream().findFirst().orElse(null);
    return new FakePodApi(
        new PodRef("team", "train-0", pod.getMetadata().getUid()),
        pod.getMetadata().getAnnotations().get(PodMetadata.ASSIGNMENT_ANNOTATION),
        condition);
  }

  private static Map<String, Object> made(FakePodApi api) {
    Map<String, Object> made = new LinkedHashMap<>();
    made.put("writes", api.writes);
    made.put(
        "events",
        api.told.entrySet().stream()
            .map(entry -> {
              Map<String, Object> event = new LinkedHashMap<>();
              event.put("name", entry.getKey());
              event.put("reason", entry.getValue().reason().text());
              event.put("warning", entry.getValue().reason().isWarning());
              event.put("message", entry.getValue().message());
              return event;
            })
            .toList());
    made.put("condition", api.condition());
    made.put("annotation", api.annotation());
    return made;
  }

  /** After a failure of any write, trying again leaves the same, each event told once. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aFailedWriteIsMadeUpFor(int failing) {
    FakePodApi whole = new FakePodApi(POD, null, null);
    Optional<Duration> _ = copy(whole).show(POD, PORTS, NONE);
    assertThat(whole.writes).isEqualTo(3);
    FakePodApi api = new FakePodApi(POD, null, null);
    api.failingWrite = failing;

    assertThatThrownBy(() -> copy(api).show(POD, PORTS, NONE))
        .isInstanceOf(IllegalStateException.class);
    Optional<Duration> _ = copy(api).show(POD, PORTS, NONE);

    assertThat(api.told).isEqualTo(whole.told);
    assertThat(api.annotation()).isEqualTo(whole.annotation());
    assertThat(api.condition()).isEqualTo(whole.condition());
  }

  @Test
  void anotherPodOfTheSameNameIsLeftAlone() {
    FakePodApi api = new FakePodApi(new PodRef("team", "train-0", "uid-1"), "theirs", null);

    Optional<Duration> _ = copy(api).show(POD, PORTS, NONE);
    copy(api).showNotUnderstood(POD, "problems");

    assertThat(api.writes).isZero();
  }

  @Test
  void aPodThatIsBeingDeletedIsLeftAlone() {
    FakePodApi api = new FakePodApi(POD, null, null);
    api.terminate();

    Optional<Duration> _ = copy(api).show(POD, PORTS, NONE);

    assertThat(api.writes).isZero();
  }

  @Test
  void theVariablesOfAFinishedInitContainerDoNotHoldAPodBack() {
    FakePodApi api = new FakePodApi(POD, null, null);
    AssignedPort port = AssignedPorts.outdated("prepare", "mlx5_0", 3, "::ffff:10.0.0.1", 2);

    Optional<Duration> _ = copy(api).show(POD, List.of(port), NONE);
    assertThat(api.condition().getReason()).isEqualTo("VariablesStale");

    api.ended = Set.of("prepare");
    Optional<Duration> _ = copy(api).show(POD, List.of(port), NONE);
    assertThat(api.condition().getReason()).isEqualTo("Assigned");
  }

  @Test
  void whatIsNotUnderstoodIsNotShown() {
    FakePodApi api = new FakePodApi(POD, null, null);
    PodCopy copy = copy(api);
    Optional<Duration> _ = copy.show(POD, PORTS, NONE);

    copy.showNotUnderstood(POD, "status.ports[0].state is new");

    assertThat(api.annotation()).isNull();
    assertThat(api.condition().getStatus()).isEqualTo("Unknown");
    assertThat(api.condition().getMessage()).isEqualTo("status.ports[0].state is new");
  }

  @Test
  void aDifferenceIsShownOnceItHasStoodAndNotTakenBackByAnotherOperator() {
    FakePodApi api = new FakePodApi(POD, null, null);
    Difference.Check check =
        new Difference.Check(List.of(new Difference(PORTS.getFirst(), "they differ")), true);
    TestClock clock = new TestClock();
    PodCopy copy = new PodCopy(api, new StandingDifferences(clock), "rdmagid.io/"::concat, clock);

    assertThat(copy.show(POD, PORTS, check)).contains(StandingDifferences.GRACE);
    assertThat(api.condition().getReason()).isEqualTo("Assigned");

    clock.advance(StandingDifferences.GRACE);
    assertThat(copy.show(POD, PORTS, check)).isEmpty();
    assertThat(api.condition().getStatus()).isEqualTo("False");
    assertThat(api.condition().getReason()).isEqualTo("Disagrees");
    assertThat(api.condition().getMessage()).isEqualTo("they differ");

    int writes = api.writes;
    assertThat(copy(api).show(POD, PORTS, check)).isEmpty();
    assertThat(api.writes).as("another operator has nothing to write").isEqualTo(writes);

    Optional<Duration> _ = copy(api).show(POD, PORTS, new Difference.Check(List.of(), false));
    assertThat(api.writes).as("nor one that does not know yet").isEqualTo(writes);

    Optional<Duration> _ = copy.show(POD, PORTS, NONE);
    assertThat(api.condition().getReason()).isEqualTo("Assigned");
  }

  @Test
  void ofPortsThatThePodDoesNotShowNothingIsTold() {
    assertThat(AssignmentChange.between(List.of(), 1, PORTS)).isEmpty();
    assertThat(AssignmentChange.between(List.of(), 0, PORTS)).hasSize(1);
  }

  @Test
  void thatIdsOfOnePortCountAsOneIsSaid() {
    FakePodApi api = new FakePodApi(POD, null, null);
    api.asked = Map.of("train", Map.of("rdmagid.io/rails", 2L));

    Optional<Duration> _ = copy(api).show(POD, PORTS, NONE);

    assertThat(api.condition().getStatus()).isEqualTo("True");
    assertThat(api.condition().getMessage())
        .isEqualTo(
            "every port has its index; ids of one port count as one: container train has 1 port"
                + " for 2 of rdmagid.io/rails");
  }
}
