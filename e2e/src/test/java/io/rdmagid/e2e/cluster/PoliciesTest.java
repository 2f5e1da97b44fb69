package io.rdmagid.e2e.cluster;

import static io.rdmagid.e2e.cluster.OperatorCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.rdmagid.e2e.testbed.Kubectl;
import io.rdmagid.e2e.testbed.Output;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the chart's policies refuse, by a real API server, of agents, the operator and others. */
class PoliciesTest extends OnOperatorCluster {
  private static final String AGENT =
      "--as=system:serviceaccount:" + OperatorCluster.NAMESPACE + ":rdmagid-agent";

  private static final String OF_NODE_A =
      "--as-user-extra=authentication.kubernetes.io/node-name=node-a";

  private static final String PORT =
      """
      apiVersion: rdmagid.io/v1alpha1
      kind: RdmaGid
      metadata: {name: %s}
      spec: {nodeName: %s, device: rxe0, port: 1}
      """;

  private static final String RECORD =
      """
      apiVersion: rdmagid.io/v1alpha1
      kind: RdmaGidAssignment
      metadata: {name: %s, namespace: default}
      spec: {nodeName: %s, podUID: 00000000-0000-0000-0000-000000000000}
      """;

  private static final String LABEL = "{\"metadata\":{\"labels\":{\"app\":\"another\"}}}";

  /** What an API server answers to what it finds no sense in. */
  private static final int INVALID = 422;

  private static Kubectl admin;

  @BeforeAll
  static void start() {
    cluster = OperatorCluster.start(folder);
    admin = cluster.controlPlane().kubectl();
    String _ =
        admin.apply(
            OperatorCluster.ofTheChart(
                "clusterrole.yaml", "clusterrolebinding.yaml", "policies.yaml"));
    // kubectl reads the statuses that it patches; agents and operator do not.
    mayGet("rdmagid-agent", "rdmagids.rdmagid.io/status,rdmagidassignments.rdmagid.io/status");
    mayGet("rdmagid-operator", "pods/status");
    for (String node : List.of("node-a", "node-b")) {
      String _ = admin.apply("{apiVersion: v1, kind: Node, metadata: {name: %s}}".formatted(node));
    }
    // A policy counts a moment after it was made.
    eventually(() -> assertRefused(asAgent("", "create", PORT.formatted("probe", "node-b")), ""));
    eventually(() -> assertRefused(forged("probe"), ""));
    assertDone(asAdmin("create", pod("probed", "{}")));
    eventually(() -> assertRefused(asOperator("probed", LABEL, "--dry-run=server"), ""));
  }

  private static void mayGet(String account, String resources) {
    String role = account + "-get";
    String _ =
        admin.kubectl("create", "clusterrole", role, "--verb=get", "--resource=" + resources);
    String _ =
        admin.kubectl(
            "create",
            "clusterrolebinding",
            role,
            "--clusterrole=" + role,
            "--serviceaccount=" + OperatorCluster.NAMESPACE + ":" + account);
  }

  @Test
  void anAgentWritesPortsOfItsOwnNodeOnly() {
    String own = PORT.formatted("own", "node-a");
    String others = PORT.formatted("others", "node-b");
    assertDone(asAgent(OF_NODE_A, "create", own));
    assertRefused(asAgent(OF_NODE_A, "create", others), "own node only, which is 'node-a'");
    assertRefused(asAgent("", "create", own.replace("own", "own-2")), "names no node");

    assertDone(asAdmin("create", others));
    String status = "{\"status\":{\"state\":\"ACTIVE\"}}";
    assertDone(patch("rdmagid", "own", status, "--subresource=status"));
    assertRefused(patch("rdmagid", "others", status, "--subresource=status"), "own node only");
    assertRefused(agent(OF_NODE_A, "delete", "rdmagid", "others", "--wait=false"), "own node only");
    assertDone(agent(OF_NODE_A, "delete", "rdmagid", "own", "--wait=false"));
  }

  @Test
  void anAgentWritesRecordsOfItsOwnNodeOnly() {
    assertDone(asAgent(OF_NODE_A, "create", RECORD.formatted("own", "node-a")));
    assertRefused(asAgent(OF_NODE_A, "create", RECORD.formatted("others", "node-b")), "own node");

    assertDone(asAdmin("create", RECORD.formatted("others", "node-b")));
    assertRefused(
        patch("rdmagidassignment", "others", "{\"spec\":{\"nodeName\":\"node-a\"}}"), "own node");
    String status = "{\"status\":{\"ports\":[]}}";
    assertDone(patch("rdmagidassignment", "own", status, "--subresource=status"));
    assertRefused(
        patch("rdmagidassignment", "others", status, "--subresource=status"), "own node only");
    assertRefused(
        agent(OF_NODE_A, "delete", "rdmagidassignment", "others", "--wait=false"), "own node only");
    assertDone(agent(OF_NODE_A, "delete", "rdmagidassignment", "own", "--wait=false"));
  }

  @Test
  void anAgentWritesItsOwnKeysOfItsOwnNodeOnly() {
    String own =
        "{\"metadata\":{\"labels\":{\"rdmagid.io/ports\":\"1\",\"pool.rdmagid.io/rails\":\"1\"},"
            + "\"annotations\":{\"rdmagid.io/gids\":\"{}\"}}}";
    assertDone(patch("node", "node-a", own));
    assertRefused(patch("node", "node-b", own), "its own Node only, which is 'node-a'");
    assertRefused(
        patch("node", "node-a", "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}"), "of others: a");
    assertRefused(
        patch("node", "node-a", "{\"metadata\":{\"annotations\":{\"c\":\"d\"}}}"), "of others: c");
    assertRefused(
        patch("node", "node-a", "{\"spec\":{\"unschedulable\":true}}"), "nothing of a Node but");
  }

  @Test
  void aPodsAnnotationIsTheOperators() {
    assertRefused(forged("forged"), "written by rdmagid's operator only");
    assertDone(asAdmin("create", pod("shown", "{}")));
    String set = "{\"metadata\":{\"annotations\":{\"rdmagid.io/assignment\":\"%s\"}}}";
    assertRefused(patchAsAdmin("shown", set.formatted("x")), "operator only");
    assertRefused(
        patchAsAdmin("shown", set.formatted("x"), "--subresource=status"), "operator only");
    assertDone(asOperator("shown", set.formatted("x")));

    assertRefused(patchAsAdmin("shown", set.formatted("y")), "operator only");
    assertRefused(patchAsAdmin("shown", set.replace("\"%s\"", "null")), "operator only");
    assertDone(patchAsAdmin("shown", "{\"metadata\":{\"annotations\":{\"theirs\":\"z\"}}}"));
    assertDone(patchAsAdmin("shown", "{\"status\":{\"message\":\"m\"}}", "--subresource=status"));
    assertDone(admin.run("delete", "pod", "shown", "--now"));
  }

  @Test
  void theOperatorWritesAnnotationsAndStatusOfAPodOnly() {
    assertDone(asAdmin("create", pod("operated", "{}")));
    String annotations = "{\"metadata\":{\"annotations\":{\"rdmagid.io/assignment\":\"x\"}}}";
    assertDone(asOperator("operated", annotations));
    assertDone(asOperator("operated", "{\"status\":{\"message\":\"m\"}}", "--subresource=status"));

    String refusal = "nothing of a pod but annotations and status";
    assertRefused(asOperator("operated", LABEL), refusal);
    assertRefused(asOperator("operated", LABEL, "--subresource=status"), refusal);
    assertRefused(asOperator("operated", "{\"metadata\":{\"finalizers\":[\"a.b/c\"]}}"), refusal);
    String owner = "{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"name\":\"node-a\",\"uid\":\"u\"}";
    assertRefused(
        asOperator("operated", "{\"metadata\":{\"ownerReferences\":[" + owner + "]}}"), refusal);
    assertRefused(asOperator("operated", "{\"spec\":{\"activeDeadlineSeconds\":9}}"), refusal);
    String operator = "--as=" + OperatorCluster.ACCOUNT;
    assertRefused(admin.run("set", "image", "pod/operated", "main=another", operator), refusal);

    assertDone(patchAsAdmin("operated", LABEL));
    assertDone(admin.run("delete", "pod", "operated", "--now"));
  }

  /** An API server leaves the pod's metadata as it is; were it to write it, the policy refuses. */
  @ParameterizedTest
  @ValueSource(strings = {"resize", "ephemeralcontainers"})
  void aPartOfAPodBringsNoForgedAnnotation(String part) {
    assertDone(asAdmin("create", pod(part, "{}")));
    PodResource pod = cluster.client().pods().inNamespace("default").withName(part);
    try {
      Pod _ =
          pod.subresource(part)
              .patch(
                  PatchContext.of(PatchType.JSON_MERGE),
                  "{\"metadata\":{\"annotations\":{\"rdmagid.io/assignment\":\"x\"}}}");
    } catch (KubernetesClientException e) {
      assertThat(e.getCode()).as(e.getMessage()).isIn(HttpURLConnection.HTTP_FORBIDDEN, INVALID);
    }
    assertThat(pod.get().getMetadata().getAnnotations()).doesNotContainKey("rdmagid.io/assignment");
    assertDone(admin.run("delete", "pod", part, "--now"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pods/bound/binding", "bindings"})
  void aBindingCarriesNoForgedAnnotation(String path) throws IOException {
    // The second finds what the first created.
    String _ = admin.apply(pod("bound", "{}"));
    String binding =
        """
        {"apiVersion": "v1", "kind": "Binding",
         "metadata": {"name": "bound", "annotations": {"rdmagid.io/assignment": "x"}},
         "target": {"apiVersion": "v1", "kind": "Node", "name": "node-a"}}
        """;
    Path file = Files.writeString(folder.resolve("binding.json"), binding);
    assertRefused(
        admin.run("create", "--raw", "/api/v1/namespaces/default/" + path, "-f", file.toString()),
        "operator only");
  }

  private static Output forged(String name) {
    return asAdmin("create", pod(name, "{rdmagid.io/assignment: x}"));
  }

  private static String pod(String name, String annotations) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: %s, namespace: default, annotations: %s}
    spec: {schedulerName: nobody, containers: [{name: main, image: main}]}
    """
        .formatted(name, annotations);
  }

  private static Output asOperator(String pod, String patch, String... options) {
    return patchAsAdmin(
        pod,
        patch,
        Stream.concat(Stream.of("--as=" + OperatorCluster.ACCOUNT), Stream.of(options))
            .toArray(String[]::new));
  }

  private static Output patchAsAdmin(String pod, String patch, String... options) {
    List<String> words = new ArrayList<>(List.of("patch", "pod", pod, "--type=merge", "-p", patch));
    words.addAll(List.of(options));
    return admin.run(words.toArray(String[]::new));
  }

  /** By the agent of node-a. */
  private static Output patch(String kind, String name, String patch, String... options) {
    List<String> words = new ArrayList<>(List.of("patch", kind, name, "--type=merge", "-p", patch));
    words.addAll(List.of(options));
    return agent(OF_NODE_A, words.toArray(String[]::new));
  }

  private static Output asAgent(String extra, String verb, String yaml) {
    return agent(extra, verb, "-f", file(yaml));
  }

  private static Output asAdmin(String verb, String yaml) {
    return admin.run(verb, "-f", file(yaml));
  }

  private static Output agent(String extra, String... arguments) {
    List<String> words = new ArrayList<>(List.of(AGENT));
    if (!extra.isEmpty()) {
      words.add(extra);
    }
    words.addAll(List.of(arguments));
    return admin.run(words.toArray(String[]::new));
  }

  private static String file(String yaml) {
    try {
      return Files.writeString(folder.resolve("object.yaml"), yaml).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void assertDone(Output output) {
    assertThat(output.ok()).as(output.err()).isTrue();
  }

  private static void assertRefused(Output output, String sentence) {
    assertThat(output.ok()).as(output.out()).isFalse();
    assertThat(output.err()).contains("ValidatingAdmissionPolicy", sentence);
  }
}
