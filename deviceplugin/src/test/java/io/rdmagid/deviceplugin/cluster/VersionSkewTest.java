package io.rdmagid.deviceplugin.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.assignment.Assignment;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.workload.PoolState;
import io.rdmagid.gid.GidScope;
import io.rdmagid.gid.GidType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Objects of operators and agents of other versions, as this agent takes them. */
class VersionSkewTest {
  private static final Path OBJECTS = Path.of("../api/src/test/resources/skew");
  private static final Pattern DOCUMENT = Pattern.compile("^---$", Pattern.MULTILINE);

  @TempDir private Path folder;

  /** What the agent works by, as it was told. */
  private final List<List<PoolState>> told = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(strings = {"previous", "next"})
  void aPoolWithLessOrMoreIsOffered(String version) {
    tell(version);
    known().recall();

    assertThat(told)
        .as("from the server, and from the disk")
        .hasSize(2)
        .allSatisfy(pools ->
            assertThat(pools)
                .singleElement()
                .satisfies(state -> {
                  assertThat(state.pool().name()).isEqualTo("rails");
                  assertThat(state.effective())
                      .hasValueSatisfying(rule -> {
                        assertThat(rule.isFor(state.pool())).isTrue();
                        assertThat(rule.rule().type()).isEqualTo(GidType.ROCE_V2);
                        assertThat(rule.scope()).isEqualTo(GidScope.POD);
                      });
                }));
  }

  @Test
  void aPoolInNewWordsIsNotOffered() {
    tell("next-new-words");

    assertThat(told)
        .singleElement()
        .satisfies(pools ->
            assertThat(pools)
                .as("one is not understood, and of the other the rule is not")
                .singleElement()
                .satisfies(state -> {
                  assertThat(state.pool().name()).isEqualTo("storage");
                  assertThat(state.effective()).isEmpty();
                }));
  }

  @ParameterizedTest
  @ValueSource(strings = {"previous", "next", "next-new-words"})
  void aPortOfAnotherVersionIsPutRightOnce(String version) {
    RdmaGid theirs = objects(version, RdmaGid.class).getFirst();
    String name = theirs.getMetadata().getName();
    FakeClusterApi api = new FakeClusterApi();
    api.put(theirs);
    Inventory inventory = Inventories.of(Inventories.device("mlx5_0", "10.0.0.1"));

    publish(api, inventory);
    assertThat(api.takeWrites()).containsExactly("status " + name, "node");
    assertThat(api.object(name).getStatus().conditions())
        .as("what is applied is the agent's: what is not in it stays another's")
        .extracting(Condition::getType)
        .containsExactlyInAnyOrder(PortStatus.READY, PortStatus.LIBRARIES_AGREE);

    publish(api, inventory);
    assertThat(api.takeWrites()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"previous", "next"})
  void aRecordWithLessOrMoreIsThePods(String version) {
    AssignmentApi.Recorded recorded = recorded(version);

    assertThat(recorded.podUid()).isEqualTo("uid-0");
    assertThat(recorded.assignment())
        .map(Assignment::ports)
        .hasValueSatisfying(ports ->
            assertThat(ports)
                .singleElement()
                .satisfies(port ->
                    assertThat(port.choice())
                        .hasValueSatisfying(choice -> assertThat(choice.index()).isEqualTo(3))));
  }

  /** So it is written anew, and not deleted as another pod's is. */
  @Test
  void aRecordInNewWordsIsThePodsAndSaysNothing() {
    AssignmentApi.Recorded recorded = recorded("next-new-words");

    assertThat(recorded.podUid()).isEqualTo("uid-0");
    assertThat(recorded.assignment()).isEmpty();
  }

  private static AssignmentApi.Recorded recorded(String version) {
    return FabricAssignmentApi.read(objects(version, RdmaGidAssignment.class).getFirst());
  }

  private void tell(String version) {
    KnownPools known = known();
    known.nodeLabels(Map.of());
    known.pools(objects(version, RdmaGidPool.class));
  }

  private KnownPools known() {
    return new KnownPools(
        new PoolCache(folder.resolve("pools.json")), (pools, _) -> told.add(pools));
  }

  /** By an agent that has just started. */
  private static void publish(FakeClusterApi api, Inventory inventory) {
    MutableClock clock = new MutableClock();
    ClusterPublisher publisher = api.publisher(new WritePace(Duration.ofMillis(1)), clock);
    var _ = publisher.publish(inventory, Optional.empty(), Instant.EPOCH);
  }

  private static <T> List<T> objects(String version, Class<T> type) {
    try {
      return DOCUMENT
          .splitAsStream(Files.readString(OBJECTS.resolve(version).resolve("objects.yaml")))
          .filter(document ->
              document.lines().anyMatch(line -> line.equals("kind: " + type.getSimpleName())))
          .map(document -> Serialization.unmarshal(document, type))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
