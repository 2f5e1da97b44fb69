package io.rdmagid.kubectl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The plugin against an API server that answers from a file. */
class PluginTest {
  @TempDir private Path folder;

  private Plugin.Outcome run(FakeApiServer server, String... words) {
    return Plugin.run(server.kubeconfig(folder, "train"), words);
  }

  private static List<String> texts(JsonNode array, String field) {
    List<String> texts = new ArrayList<>();
    array.forEach(element -> texts.add(element.path(field).asText()));
    return texts;
  }

  @Test
  void nothingWrongIsZero() throws IOException {
    try (FakeApiServer server = FakeApiServer.of("healthy")) {
      Plugin.Outcome table = run(server, "check", "-A");
      Plugin.Outcome json = run(server, "check", "-A", "-o", "json");

      assertThat(table.code()).as(table.err()).isZero();
      assertThat(table.lines())
          .containsExactly("nothing is wrong; looked at: nodes 2, ports 3, pools 2, pods 2");
      assertThat(new ObjectMapper().readTree(json.out()))
          .isEqualTo(
              new ObjectMapper()
                  .readTree("{\"nodes\":2,\"ports\":3,\"pools\":2,\"pods\":2,\"findings\":[]}"));
    }
  }

  @Test
  void whatIsWrongIsOneAndObjectsWithConstantKinds() throws IOException {
    try (FakeApiServer server = FakeApiServer.of("broken")) {
      Plugin.Outcome json = run(server, "check", "-A", "-o", "json");
      Plugin.Outcome yaml = run(server, "check", "-A", "-o", "yaml");
      Plugin.Outcome lines = run(server, "check", "-A", "-o", "jsonl");

      assertThat(json.code()).as(json.err()).isEqualTo(1);
      JsonNode findings = new ObjectMapper().readTree(json.out()).path("findings");
      assertThat(texts(findings, "kind"))
          .contains(
              "DuplicatePortAddress",
              "DuplicatePodAddress",
              "GroupMismatch",
              "PortDown",
              "NoUsableGid",
              "LibraryElsewhere",
              "NotReporting",
              "PoolNotAccepted",
              "PoolDegraded",
              "VariablesOutdated",
              "NotCurrent",
              "NotUnderstood");
      assertThat(new YAMLMapper().readTree(yaml.out()).path("findings")).isEqualTo(findings);
      assertThat(lines.lines()).hasSize(findings.size());
      assertThat(new ObjectMapper().readTree(lines.lines().getFirst()))
          .isEqualTo(findings.path(0))
          .isEqualTo(
              new ObjectMapper()
                  .readTree(
                      """
                      {"kind": "DuplicatePortAddress", "pool": "rail", "address": "10.1.0.9",
                       "ports": [{"nodeName": "node-a", "device": "mlx5_0", "port": 1},
                                 {"nodeName": "node-b", "device": "mlx5_0", "port": 1}],
                       "message": "10.1.0.9 is at node-a/mlx5_0/1, node-b/mlx5_0/1"}
                      """));
    }
  }

  @Test
  void podsOfOtherNamespacesAreNotAskedFor() {
    try (FakeApiServer server = FakeApiServer.of("broken")) {
      Plugin.Outcome usual = run(server, "check");
      Plugin.Outcome infer = run(server, "check", "-n", "infer");

      assertThat(usual.out()).contains("train/worker-1").doesNotContain("infer/");
      assertThat(infer.out()).contains("infer/api-0").doesNotContain("train/worker");
    }
  }

  @Test
  void listsAreReadInPages() {
    try (FakeApiServer whole = FakeApiServer.of("broken");
        FakeApiServer paged = FakeApiServer.of("broken", 2)) {
      Plugin.Outcome expected = run(whole, "check", "-A");
      Plugin.Outcome outcome = run(paged, "check", "-A");

      assertThat(outcome).isEqualTo(expected);
      assertThat(whole.requests()).noneMatch(request -> request.contains("continue="));
      assertThat(paged.requests())
          .anyMatch(request -> request.contains("/rdmagids?") && request.contains("continue=4"))
          .allMatch(request -> request.contains("limit=500"));
    }
  }

  @Test
  void podsAreChosenByNameAndLabel() {
    try (FakeApiServer server = FakeApiServer.of("broken")) {
      assertThat(run(server, "pods", "worker-2").lines().get(1)).startsWith("worker-2  node-d");
      assertThat(run(server, "pods", "-A", "-l", "app=api").out())
          .contains("infer      api-0")
          .doesNotContain("worker", "api-1");
      assertThat(run(server, "pods", "-l", "app=none"))
          .isEqualTo(
              new Plugin.Outcome(
                  1, "", "kubectl rdmagid: no such pod holds a port in namespace train: try -A\n"));
    }
  }

  @Test
  void whatDoesNotFitIsWide() {
    try (FakeApiServer server = FakeApiServer.of("broken")) {
      List<String> usual = run(server, "pods", "worker-1").lines();
      List<String> wide = run(server, "pods", "worker-1", "-o", "wide").lines();

      assertThat(usual.getFirst()).matches("POD +NODE +DEVICE/PORT +INDEX +GID/ADDRESS +STATE");
      assertThat(wide.getFirst()).startsWith(usual.getFirst() + "    CONTAINER  POOL");
      assertThat(wide.get(1)).startsWith(usual.get(1) + "  main       rail    ens1    RoCEv1");
    }
  }

  @Test
  void anObjectThatIsNotUnderstoodIsShownAsSuch() {
    try (FakeApiServer server = FakeApiServer.of("broken")) {
      Plugin.Outcome pods = run(server, "pods", "-n", "infer");
      Plugin.Outcome explain = run(server, "explain", "pod/future", "-n", "infer");

      assertThat(pods.code()).isZero();
      assertThat(pods.out())
          .contains("api-0", "NotUnderstood  RdmaGidAssignment infer/future", "entangled");
      assertThat(explain.code()).isEqualTo(1);
      assertThat(explain.err()).contains("is not understood: status.ports[0].state");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.1.0.9", "::ffff:10.1.0.9", "::FFFF:0a01:9", "0:0:0:0:0:ffff:a01:9"})
  void anAddressIsFoundInAnySpelling(String address) {
    try (FakeApiServer server = FakeApiServer.of("broken")) {
      Plugin.Outcome outcome = run(server, "find", "--ip", address, "-o", "jsonl");

      assertThat(outcome.code()).as(outcome.err()).isZero();
      assertThat(outcome.lines())
          .hasSize(5)
          .filteredOn(line -> line.contains("\"usable\":false"))
          .singleElement()
          .asString()
          .contains("\"nodeName\":\"node-c\"", "\"device\":\"mlx5_9\"");
      assertThat(outcome.out()).contains("\"nodeName\":\"node-b\"", "\"pod\":\"worker-0\"");
    }
  }

  @Test
  void anAddressThatNobodyHasIsOne() {
    try (FakeApiServer server = FakeApiServer.of("healthy")) {
      assertThat(run(server, "find", "--ip", "10.77.0.1"))
          .isEqualTo(new Plugin.Outcome(1, "", "kubectl rdmagid: nobody has 10.77.0.1 now\n"));
    }
  }

  @Test
  void aPodWithoutAPortIsNotOneThatIsNotThere() {
    try (FakeApiServer server = FakeApiServer.of("broken")) {
      assertThat(run(server, "explain", "pod/idle", "-n", "infer").err())
          .contains("pod infer/idle holds no port");
      Plugin.Outcome absent = run(server, "explain", "absent");
      assertThat(absent.err()).contains("there is no pod train/absent");
      assertThat(absent.code()).isEqualTo(1);
    }
  }

  @Test
  void whatTheServerRefusesIsASentenceAndThree() {
    try (FakeApiServer server = FakeApiServer.of("healthy")) {
      server.refuse("rdmagidassignments", 403);
      Plugin.Outcome forbidden = run(server, "check", "-A");
      server.refuse("rdmagidassignments", 404);
      Plugin.Outcome missing = run(server, "pods");
      server.refuse("rdmagidassignments", 401);
      Plugin.Outcome unknown = run(server, "find", "--ip=10.1.0.1");

      assertThat(List.of(forbidden.code(), missing.code(), unknown.code())).containsOnly(3);
      assertThat(forbidden.err())
          .isEqualTo(
              "kubectl rdmagid: you may not read that: rdmagidassignments is forbidden: User"
                  + " \"jo\" cannot list resource: ask for the role of docs/kubectl.md\n");
      assertThat(missing.err())
          .contains("does not have rdmagid's CRDs (404): install its chart")
          .hasLineCount(1);
      assertThat(unknown.err()).contains("does not know you (401): log in again").hasLineCount(1);
    }
  }

  @Test
  void aServerThatIsNotThereIsThree() {
    Path kubeconfig;
    try (FakeApiServer server = FakeApiServer.of("healthy")) {
      kubeconfig = server.kubeconfig(folder, "train");
    }

    Plugin.Outcome outcome = Plugin.run(kubeconfig, "check");

    assertThat(outcome.code()).isEqualTo(3);
    assertThat(outcome.err()).contains("cannot be reached (").hasLineCount(1);
  }

  @Test
  void aWrongCommandLineIsTwo() throws IOException {
    try (FakeApiServer server = FakeApiServer.of("healthy")) {
      assertThat(run(server, "find", "--ip", "10.1.0.x").code()).isEqualTo(2);
      assertThat(run(server, "find").code()).isEqualTo(2);
      assertThat(run(server, "explain", "service/web").code()).isEqualTo(2);
      assertThat(run(server, "top", "--interval=0").code()).isEqualTo(2);
      Plugin.Outcome context = run(server, "check", "--context=elsewhere");
      assertThat(context.code()).isEqualTo(2);
      assertThat(context.err()).contains("has no context elsewhere");
      assertThat(server.requests()).isEmpty();
    }
    assertThat(Plugin.run(folder.resolve("absent"), "check").code()).isEqualTo(2);
    Path nonsense = Files.writeString(folder.resolve("nonsense"), "{ no yaml");
    assertThat(Plugin.run(nonsense, "check").code()).isEqualTo(2);
    Path empty = Files.writeString(folder.resolve("empty"), "");
    assertThat(Plugin.run(empty, "check").code()).isEqualTo(2);
    assertThat(Plugin.run().code()).isEqualTo(2);
    assertThat(Plugin.run("pods", "--help").code()).isZero();
  }

  @Test
  void completionKnowsTheCommands() {
    assertThat(Plugin.run("completion", "bash").out())
        .contains("complete -F _complete_kubectl-rdmagid", "all-namespaces");
    assertThat(Plugin.run("completion", "fish").out())
        .contains(
            "complete -c kubectl-rdmagid -n __fish_use_subcommand -a explain",
            "completes kubectl-rdmagid's words".replace("'", "\\'"))
        .doesNotContain("${");
  }
}
