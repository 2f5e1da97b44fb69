package io.rdmagid.deviceplugin.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.rdmagid.api.v1alpha1.PoolFailoverStatus;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.api.v1alpha1.RdmaGidPoolStatus;
import io.rdmagid.deviceplugin.workload.PoolState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KnownPoolsTest {
  @TempDir private Path folder;

  /** What the listener heard, "pools labels". */
  private final List<String> heard = new ArrayList<>();

  /** The pools that it heard last. */
  private List<String> last = List.of();

  @Test
  void nothingIsToldBeforePoolsAndLabelsAreKnown() {
    KnownPools known = known();
    known.recall();
    known.pools(List.of(pool("rail", 1)));
    assertThat(heard).isEmpty();
    known.nodeLabels(Map.of("gpu", "h100"));
    assertThat(heard).containsExactly("[rail] {gpu=h100}");
  }

  @Test
  void anAgentThatStartsWithTheServerAwayWorksByWhatWasThereLast() {
    KnownPools earlier = known();
    earlier.nodeLabels(Map.of("gpu", "h100"));
    earlier.pools(List.of(pool("rail", 1)));
    earlier.pools(List.of(pool("storage", 1), pool("rail", 1)));
    heard.clear();

    KnownPools known = known();
    known.recall();
    assertThat(heard).containsExactly("[rail, storage] {gpu=h100}");

    // The labels come first: without the pools they change nothing.
    known.nodeLabels(Map.of("gpu", "b200"));
    assertThat(heard).hasSize(1);
    known.pools(List.of());
    assertThat(heard).last().isEqualTo("[] {gpu=b200}");
  }

  @Test
  void theSameIsToldOnce() {
    KnownPools known = known();
    known.nodeLabels(Map.of());
    known.pools(List.of(pool("rail", 1), pool("storage", 1)));
    known.pools(List.of(pool("storage", 1), pool("rail", 1)));
    known.nodeLabels(Map.of());
    assertThat(heard).hasSize(1);
    known.pools(List.of(pool("storage", 1), pool("rail", 2)));
    assertThat(heard).hasSize(2);
  }

  @Test
  void aPoolThatIsNotUnderstoodIsLeftOut() {
    KnownPools known = known();
    known.nodeLabels(Map.of());
    known.pools(List.of(pool("future", 1, "RoCEv9"), pool("rail", 1)));
    assertThat(heard).containsExactly("[rail] {}");
  }

  /** Else each pod that starts anywhere is a file and a plan on each node of the cluster. */
  @Test
  void whatIsWrittenForPeopleIsNeitherSavedNorTold() throws IOException {
    KnownPools known = known();
    known.nodeLabels(Map.of());
    known.pools(List.of(counted("1", 1, 2)));
    Path file = folder.resolve("pools.json");
    String saved = Files.readString(file);

    known.pools(List.of(counted("2", 7, 1)));
    assertThat(heard).hasSize(1);
    assertThat(file).hasContent(saved);

    known.pools(List.of(counted("2", 7, 1), pool("storage", 1)));
    assertThat(heard).hasSize(2);
    assertThat(Files.readString(file)).as("with what came meanwhile").contains("\"allocated\":7");
  }

  /**
   * That the operator has looked at a spec, and found no rule, is all that changes: from then on
   * the spec counts as one that pods may have been offered by.
   */
  @Test
  void thatTheOperatorHasLookedIsKeptForTheNextSpec() {
    KnownPools known = known();
    known.nodeLabels(Map.of());
    known.pools(List.of(changing("u1", 2, 1, 1, "")));
    known.pools(List.of(changing("u1", 2, 2, 1, "")));
    known.pools(List.of(changing("u1", 3, 2, 1, "")));
    assertThat(last).containsExactly("2 pod a port, no rule");
  }

  /** Else the kubelet would refuse its pods meanwhile, also for a change of what failover does. */
  @Test
  void aPoolWithANewSpecStaysAsItWasUntilTheOperatorHasLookedAtIt() {
    KnownPools known = known();
    known.nodeLabels(Map.of());
    known.pools(List.of(changing("u1", 1, 1, 1, "")));
    assertThat(last).containsExactly("1 pod a port, rule 1");
    known.pools(List.of(changing("u1", 2, 1, 1, "")));
    assertThat(last)
        .as("not the new spec with the former rule")
        .containsExactly("1 pod a port, rule 1");
    known.pools(List.of(changing("u1", 2, 2, 2, "")));
    assertThat(last).containsExactly("2 pod a port, rule 2");
  }

  @Test
  void aSpecThatTheOperatorMakesNoRuleForHasNone() {
    KnownPools known = known();
    known.nodeLabels(Map.of());
    known.pools(List.of(changing("u1", 1, 1, 1, "")));
    known.pools(List.of(changing("u1", 2, 2, 1, "")));
    assertThat(last).containsExactly("2 pod a port, no rule");
    known.pools(List.of(changing("u1", 3, 2, 1, "")));
    assertThat(last).as("nothing comes back").containsExactly("2 pod a port, no rule");
  }

  /** Its pods keep their ports, and their containers may restart: by what it was before. */
  @Test
  void aSpecThatMakesNoSenseTakesNothingFromThePodsThatAreThere() {
    KnownPools known = known();
    known.nodeLabels(Map.of());
    known.pools(List.of(changing("u1", 1, 1, 1, "")));
    known.pools(List.of(wrong(changing("u1", 2, 1, 1, ""))));
    assertThat(last).as("the operator has not looked yet").containsExactly("1 pod a port, rule 1");
    known.pools(List.of(wrong(changing("u1", 2, 2, 1, ""))));
    assertThat(last).containsExactly("1 pod a port, no rule, former rule 1, not understood");
    known.pools(List.of(wrong(changing("u1", 3, 3, 1, ""))));
    assertThat(last).containsExactly("1 pod a port, no rule, former rule 1, not understood");

    last = List.of();
    KnownPools next = known();
    next.recall();
    assertThat(last)
        .as("from the disk")
        .containsExactly("1 pod a port, no rule, former rule 1, not understood");
    next.nodeLabels(Map.of());
    next.pools(List.of(wrong(changing("u1", 3, 3, 1, ""))));
    assertThat(last).containsExactly("1 pod a port, no rule, former rule 1, not understood");
    next.pools(List.of(wrong(changing("u2", 3, 3, 1, ""))));
    assertThat(last).as("another pool of that name").isEmpty();
    next.pools(List.of(changing("u2", 4, 4, 4, "")));
    assertThat(last).containsExactly("4 pod a port, rule 4");
  }

  /** As one that an operator of another version made. */
  @Test
  void aRuleThatIsNotUnderstoodIsNotOfferedButWhatWasThereGoesOn() {
    KnownPools known = known();
    known.nodeLabels(Map.of());
    known.pools(List.of(changing("u1", 1, 1, 1, "")));
    String json =
        Serialization.asJson(changing("u1", 2, 2, 2, ""))
            .replace("\"family\":\"IPv4\"", "\"family\":\"IPv9\"");
    assertThat(json).contains("IPv9");
    known.pools(List.of(Serialization.unmarshal(json, RdmaGidPool.class)));
    assertThat(last).containsExactly("2 pod a port, no rule, former rule 1");
    known.pools(List.of(changing("u1", 2, 2, 2, "")));
    assertThat(last).containsExactly("2 pod a port, rule 2");
  }

  @Test
  void aPoolThatLeavesLeavesAtOnceAndAnotherOfItsNameIsAnother() {
    KnownPools known = known();
    known.nodeLabels(Map.of());
    known.pools(List.of(changing("u1", 1, 1, 1, "")));
    known.pools(List.of(changing("u1", 2, 1, 1, "deletionTimestamp: \"2026-11-27T10:00:00Z\"")));
    assertThat(last).containsExactly("2 pod a port, no rule, leaving");
    known.pools(List.of(changing("u1", 1, 1, 1, "")));
    known.pools(List.of(changing("u2", 2, 1, 1, "")));
    assertThat(last).containsExactly("2 pod a port, no rule");
  }

  @Test
  void anAgentThatStartsMeanwhileGoesOnByTheFormerSpec() {
    KnownPools earlier = known();
    earlier.nodeLabels(Map.of());
    earlier.pools(List.of(changing("u1", 1, 1, 1, "")));
    earlier.pools(List.of(changing("u1", 2, 1, 1, "")));

    KnownPools known = known();
    known.recall();
    known.nodeLabels(Map.of());
    known.pools(List.of(changing("u1", 2, 1, 1, "")));
    assertThat(last).containsExactly("1 pod a port, rule 1");
  }

  /** That is the operator's: one of the version before tells none, one of the next another. */
  @ParameterizedTest
  @ValueSource(strings = {"", ",\"chosenFor\":\"0123456789abcdef\"", ",\"chosenFor\":[1,{}]"})
  void aRuleIsOfferedWhateverItWasChosenFor(String chosenFor) {
    String json =
        Serialization.asJson(changing("u1", 1, 1, 1, ""))
            .replace("\"revision\":1", "\"revision\":1" + chosenFor);
    assertThat(json).contains(chosenFor);
    KnownPools known = known();
    known.nodeLabels(Map.of());
    known.pools(List.of(Serialization.unmarshal(json, RdmaGidPool.class)));
    assertThat(last).containsExactly("1 pod a port, rule 1");

    last = List.of();
    known().recall();
    assertThat(last).as("from the disk").containsExactly("1 pod a port, rule 1");
  }

  private KnownPools known() {
    return new KnownPools(
        new PoolCache(folder.resolve("pools.json")),
        (pools, labels) -> {
          heard.add(names(pools) + " " + labels);
          last = pools.stream().map(KnownPoolsTest::text).toList();
        });
  }

  private static String text(PoolState state) {
    return state.pool().podsPerPort()
        + " pod a port, "
        + state
            .effective()
            .filter(rule -> rule.isFor(state.pool()))
            .map(rule -> "rule " + rule.generation())
            .orElse("no rule")
        + state.former().map(rule -> ", former rule " + rule.generation()).orElse("")
        + (state.pool().leaving() ? ", leaving" : "")
        + (state.understood() ? "" : ", not understood");
  }

  /** The same with a subnet that is none. */
  private static RdmaGidPool wrong(RdmaGidPool pool) {
    String json =
        Serialization.asJson(pool)
            .replace("\"scope\":\"Host\"}", "\"scope\":\"Host\",\"subnets\":[\"10.10.0.1/16\"]}");
    RdmaGidPool wrong = Serialization.unmarshal(json, RdmaGidPool.class);
    assertThat(wrong.getSpec().gid().subnets()).isNotEmpty();
    return wrong;
  }

  /**
   * A pool of which as many pods share a port as its spec has generations.
   *
   * @param judged the generation that the operator has looked at
   * @param rule the generation that there is a rule for
   */
  private static RdmaGidPool changing(
      String uid, int generation, int judged, int rule, String metadata) {
    return Serialization.unmarshal(
        """
        apiVersion: rdmagid.io/v1alpha1
        kind: RdmaGidPool
        metadata:
          name: rail
          uid: %s
          creationTimestamp: "2026-11-26T10:00:00Z"
          generation: %d
          %s
        spec: {ports: [{netdevs: [rail0]}], podsPerPort: %2$d, gid: {scope: Host}}
        status:
          effective:
            type: RoCEv2
            family: IPv4
            allowLinkLocal: false
            scope: Host
            required: true
            generation: %4$d
            revision: 1
          conditions:
            - {type: Accepted, status: "True", reason: Accepted, message: "", observedGeneration: %5$d}
        """
            .formatted(uid, generation, metadata, rule, judged),
        RdmaGidPool.class);
  }

  private static String names(List<PoolState> pools) {
    return pools.stream()
        .map(state -> state.pool().name())
        .collect(Collectors.joining(", ", "[", "]"));
  }

  /** A pool as it is read: what pods hold, and how far evictions are. */
  private static RdmaGidPool counted(String version, int allocated, int healthy) {
    RdmaGidPool pool = changing("u1", 1, 1, 1, "resourceVersion: \"%s\"".formatted(version));
    RdmaGidPoolStatus status = pool.getStatus();
    List<Condition> conditions = new ArrayList<>(status.conditions());
    conditions.add(
        new ConditionBuilder()
            .withType(RdmaGidPoolStatus.DEGRADED)
            .withStatus("True")
            .withReason("Draining")
            .withMessage(Integer.toString(allocated))
            .build());
    pool.setStatus(
        new RdmaGidPoolStatus(
            status.effective(),
            null,
            null,
            healthy,
            allocated,
            new PoolFailoverStatus("2026-11-26T10:00:00Z", allocated, List.of()),
            conditions));
    return pool;
  }

  private static RdmaGidPool pool(String name, int generation) {
    return pool(name, generation, "RoCEv2");
  }

  private static RdmaGidPool pool(String name, int generation, String type) {
    return Serialization.unmarshal(
        """
        apiVersion: rdmagid.io/v1alpha1
        kind: RdmaGidPool
        metadata: {name: %s, creationTimestamp: "2026-11-26T10:00:00Z", resourceVersion: "%d", generation: %2$d}
        spec: {ports: [{netdevs: [rail0]}], podsPerPort: 4, gid: {scope: Host, type: %3$s}}
        status:
          effective: {type: RoCEv2, family: IPv4, scope: Host, required: true, generation: 1, revision: 1}
        """
            .formatted(name, generation, type),
        RdmaGidPool.class);
  }
}
