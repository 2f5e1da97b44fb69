package io.rdmagid.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.api.v1alpha1.RdmaGidPool;
import io.rdmagid.e2e.testbed.CollectOnFailure;
import io.rdmagid.e2e.testbed.ControlPlane;
import io.rdmagid.e2e.testbed.Kubectl;
import io.rdmagid.e2e.testbed.Output;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the API server takes and what it refuses by the rules of our CRDs: of each kind by files
 * with every constraint of its schema; of pools, which people write, by cases with the sentence
 * that it gives.
 */
class ValidationTest {
  private static final String NAMESPACE = "default";
  private static final String STATUS = "/status";
  private static final int UNPROCESSABLE = 422;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private static Path folder;

  private static ControlPlane controlPlane;
  private static Kubectl admin;
  private static KubernetesClient client;

  @RegisterExtension private final CollectOnFailure diagnostics = CollectOnFailure.of(controlPlane);

  @BeforeAll
  static void start() {
    controlPlane = ControlPlane.start(folder);
    admin = controlPlane.kubectl();
    client = admin.client();
    controlPlane.applyCrds();
  }

  @AfterAll
  static void stop() {
    client.close();
    controlPlane.stop();
  }

  @AfterEach
  void removeAll() {
    // Without finalizers they are gone with the answer.
    client.resources(RdmaGidPool.class).delete();
    client.resources(RdmaGid.class).delete();
    client.resources(RdmaGidAssignment.class).inNamespace(NAMESPACE).delete();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ports: [{}]}",
        "{ports: [{netdevs: [rail0]}], podsPerPort: 256, gid: {type: RoCEv2, family: IPv6}}",
        "{ports: [{}], gid: {subnets: [0.0.0.0/0, '::/0', 10.1.2.3/32, 'FD00::1/128']}}",
        "{ports: [{}], gid: {family: IPv4, subnets: ['fd00::/64', 10.0.0.0/16]}}",
        "{ports: [{}], gid: {family: IPv6, subnets: []}}",
        "{ports: [{subnets: [10.0.0.0/8, 'fd00::/64'], vendors: [15b3], minRateGbps: 100}]}",
        "{ports: [{}], resourceName: rdmagid.io/anything-else, libraries: [nccl, ucx]}",
        "{ports: [{}], libraries: [rccl, mscclpp, libfabric, uccl], traffic: {dscp: 63}}",
        "{ports: [{}], traffic: {class: 255}}",
        "{ports: [{}], failover: {onGidChange: EvictGroup, gracePeriodSeconds: 86400, dryRun: true}}",
        "{ports: [{pfNames: [{name: ens1f0np0}, {name: 'ens*', first: 0, last: 65535}, {name: e, last: 0}]}]}",
        "{ports: [{pfNames: [{name: ens1f0np0, first: 3, last: 3}]}]}",
      })
  void aValidPoolIsTaken(String spec) {
    Output output = create("valid", spec);
    assertThat(output.ok()).as(output.err()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ports: [{}], traffic: {class: 4, dscp: 1}}          | exactly one of class and dscp",
        "{ports: [{}], traffic: {}}                           | exactly one of class and dscp",
        "{ports: [{pfNames: ['ens1#0-3']}]}                   | spec.ports[0].pfNames[0]: Invalid value",
        "{ports: [{pfNames: [{name: e, first: 2, last: 1}]}]} | last is not to be less than first",
        "{ports: [{}], gid: {subnets: [10.10.0.1/16]}}        | bits set behind its prefix",
        "{ports: [{}], gid: {subnets: ['::ffff:10.0.0.0/112']}} | subnets has one that is no subnet",
        "{ports: [{subnets: [10.0.0.0/16, 'fd00::/129']}]}    | subnets has one that is no subnet",
        "{ports: [{}], gid: {family: IPv6, subnets: [10.0.0.0/16]}} | none of the family that family asks for",
        "{ports: [{}], port: 1}                               | unknown field \"spec.port\"",
      })
  void aPoolThatIsWrittenWrongIsRefusedWithASentence(String spec, String sentence) {
    Output output = create("invalid", spec);
    assertThat(output.ok()).isFalse();
    assertThat(output.err()).contains(sentence);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rail.one",
        "a123456789-123456789-123456789-123456789-123456789-123456789-123",
      })
  void aNameThatIsNoPartOfAResourceNameIsRefused(String name) {
    Output output = create(name, "{ports: [{}]}");
    assertThat(output.ok()).isFalse();
    assertThat(output.err()).contains("at most 63 characters and no dots");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ports: [{}]}                               | {ports: [{}], resourceName: rdmagid.io/b}",
        "{ports: [{}], resourceName: rdmagid.io/b}   | {ports: [{}]}",
        "{ports: [{}], resourceName: rdmagid.io/b}   | {ports: [{}], resourceName: rdmagid.io/c}",
      })
  void theResourceNameStays(String first, String second) {
    assertThat(create("staying", first).ok()).isTrue();
    Output output = replace("staying", second);
    assertThat(output.ok()).isFalse();
    assertThat(output.err()).contains("resourceName is immutable: make another pool");
  }

  /**
   * Ids of devices follow from whether a port is shared: the kubelet has them in its checkpoint.
   */
  @ParameterizedTest
  @CsvSource({"1,2,1,false", "2,1,1,false", "1,2,0,true", "2,1,0,true", "2,3,1,true"})
  void sharingCannotBeginOrEndWhilePodsHoldDevices(
      int from, int to, int allocated, boolean allowed) {
    assertThat(create("shared", "{ports: [{}], podsPerPort: %d}".formatted(from)).ok()).isTrue();
    String _ =
        admin.kubectl(
            "patch",
            "rdmagidpool",
            "shared",
            "--subresource=status",
            "--type=merge",
            "-p",
            "{\"status\":{\"allocated\":%d}}".formatted(allocated));
    Output output = replace("shared", "{ports: [{}], podsPerPort: %d}".formatted(to));
    assertThat(output.ok()).as(output.err()).isEqualTo(allowed);
    if (!allowed) {
      assertThat(output.err()).contains("while pods hold devices of the pool");
    }
  }

  @Test
  void thePortThatAnRdmaGidIsOfStays() {
    String object =
        """
        apiVersion: rdmagid.io/v1alpha1
        kind: RdmaGid
        metadata: {name: a.rxe0.1}
        spec: {nodeName: a, device: rxe0, port: %d}
        """;
    assertThat(run("create", object.formatted(1)).ok()).isTrue();
    Output output = run("replace", object.formatted(2));
    assertThat(output.ok()).isFalse();
    assertThat(output.err()).contains("spec is immutable");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RdmaGid-valid",
        "RdmaGid-least",
        "RdmaGidAssignment-valid",
        "RdmaGidAssignment-least",
        "RdmaGidPool-valid",
        "RdmaGidPool-least"
      })
  void aValidObjectIsTakenWithItsStatus(String name) {
    Map<String, Object> object = Constraint.object(name);

    Map<String, Object> taken = put(object, post(object, ""), STATUS);

    assertThat(taken).as("nothing is left out").containsEntry("status", object.get("status"));
  }

  @ParameterizedTest
  @CsvSource({
    "RdmaGid, rdmagids",
    "RdmaGidAssignment, rdmagidassignments",
    "RdmaGidPool, rdmagidpools"
  })
  void everyConstraintIsBrokenByOneLine(String kind, String plural) {
    assertThat(Constraint.all(kind))
        .extracting(constraint -> constraint.keyword() + " " + constraint.field())
        .containsExactlyInAnyOrderElementsOf(Constraint.ofSchema(plural));
  }

  static List<Constraint> constraints() {
    return Stream.of("RdmaGid", "RdmaGidAssignment", "RdmaGidPool")
        .flatMap(kind -> Constraint.all(kind).stream())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("constraints")
  void whatBreaksAConstraintIsRefusedByField(Constraint constraint) {
    Map<String, Object> broken = constraint.broken();
    boolean ofStatus = constraint.field().startsWith("status");
    boolean ofChange = ofStatus || constraint.keyword().equals("change");
    Map<String, Object> valid = Constraint.object(constraint.kind() + "-valid");
    Map<String, Object> there = ofChange ? put(valid, post(valid, ""), STATUS) : Map.of();

    assertThatThrownBy(
            () -> {
              Map<String, Object> _ =
                  ofStatus
                      ? put(broken, there, STATUS)
                      : ofChange ? put(broken, there, "") : post(broken, "&dryRun=All");
            })
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            refusal -> assertThat(refusal.getCode()).isEqualTo(UNPROCESSABLE))
        .hasMessageContaining(constraint.refusal());
  }

  private static Map<String, Object> post(Map<String, Object> object, String query) {
    return request("POST", collection(object), object, query);
  }

  /** Replaces what is there, by what the server answered of it. */
  private static Map<String, Object> put(
      Map<String, Object> object, Map<String, Object> there, String subresource) {
    Map<String, Object> next = new TreeMap<>(object);
    next.put("metadata", there.get("metadata"));
    return request("PUT", collection(object) + "/" + name(object) + subresource, next, "");
  }

  private static String collection(Map<String, Object> object) {
    String plural = object.get("kind").toString().toLowerCase(Locale.ROOT) + "s";
    boolean namespaced = ((Map<?, ?>) object.get("metadata")).containsKey("namespace");
    return "/apis/rdmagid.io/v1alpha1/"
        + (namespaced ? "namespaces/" + NAMESPACE + "/" : "")
        + plural;
  }

  private static String name(Map<String, Object> object) {
    return ((Map<?, ?>) object.get("metadata")).get("name").toString();
  }

  @SuppressWarnings("unchecked") // what JSON is read as
  private static Map<String, Object> request(
      String method, String path, Map<String, Object> object, String query) {
    return Serialization.unmarshal(
        client.raw(path + "?fieldValidation=Strict" + query, method, object), TreeMap.class);
  }

  private static Output create(String name, String spec) {
    return run("create", pool(name, spec));
  }

  private static Output replace(String name, String spec) {
    return run("replace", pool(name, spec));
  }

  private static String pool(String name, String spec) {
    return """
    apiVersion: rdmagid.io/v1alpha1
    kind: RdmaGidPool
    metadata: {name: %s}
    spec: %s
    """
        .formatted(name, spec);
  }

  private static Output run(String verb, String yaml) {
    try {
      Path file = Files.writeString(folder.resolve("object.yaml"), yaml);
      return admin.run(verb, "--validate=strict", "-f", file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
