package io.rdmagid.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class CrdGoldenTest {
  private static final List<CrdKind> KINDS = CrdGeneration.KINDS;

  /** From the module's folder, where Surefire runs the tests. */
  private static final Path COMMITTED = Path.of("..", "charts", "rdmagid", "crds");

  @ParameterizedTest
  @FieldSource("KINDS")
  void theCommittedCrdIsWhatTheRecordsSay(CrdKind kind) throws IOException {
    Path committed = COMMITTED.resolve(kind.crdName() + ".yaml");
    if (Boolean.getBoolean("rdmagid.generate")) {
      CrdGeneration.write(kind, committed);
      return;
    }
    assertThat(committed).as("no such file: run `make generate`").exists();
    assertThat(Files.readString(committed))
        .as("%s is not what the records say: run `make generate` and commit", committed)
        .isEqualTo(CrdGeneration.yaml(kind));
  }

  @Test
  void noOtherCrdIsCommitted() throws IOException {
    try (Stream<Path> files = Files.list(COMMITTED)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .isSubsetOf(KINDS.stream().map(kind -> kind.crdName() + ".yaml").toList());
    }
  }

  @ParameterizedTest
  @FieldSource("KINDS")
  void generatingTwiceGivesTheSame(CrdKind kind) throws IOException {
    assertThat(CrdGeneration.yaml(kind)).isEqualTo(CrdGeneration.yaml(kind));
  }

  @Test
  void columnsStandInTheOrderPeopleRead() throws IOException {
    assertThat(columns(new RdmaGidCrd(), false))
        .containsExactly(
            "Node", "Device", "Port", "Netdev", "State", "Type", "Index", "Address", "GIDs", "Age");
    assertThat(columns(new RdmaGidCrd(), true))
        .containsExactly("Rate", "MTU", "NUMA", "PCI", "Pools", "NCCL", "UCX");
    assertThat(columns(new RdmaGidPoolCrd(), false))
        .containsExactly(
            "Resource",
            "Scope",
            "Type",
            "Family",
            "Nodes",
            "Ports",
            "Healthy",
            "Allocated",
            "Accepted",
            "Age");
    assertThat(columns(new RdmaGidAssignmentCrd(), false))
        .containsExactly("Node", "Device", "Index", "State", "Age");
  }

  private static List<String> columns(CrdKind kind, boolean wide) throws IOException {
    return version(kind).getAdditionalPrinterColumns().stream()
        .filter(column -> (column.getPriority() != null) == wide)
        .map(CustomResourceColumnDefinition::getName)
        .toList();
  }

  @Test
  void specOfAGidIsRequiredImmutableAndSelectableByNode() throws IOException {
    CustomResourceDefinitionVersion version = version(new RdmaGidCrd());
    JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
    JSONSchemaProps spec = root.getProperties().get("spec");

    assertThat(root.getRequired()).contains("spec");
    assertThat(spec.getRequired()).containsExactlyInAnyOrder("nodeName", "device", "port");
    assertThat(spec.getXKubernetesValidations())
        .singleElement()
        .satisfies(rule -> assertThat(rule.getRule()).isEqualTo("self == oldSelf"));
    assertThat(version.getSelectableFields())
        .singleElement()
        .satisfies(field -> assertThat(field.getJsonPath()).isEqualTo(".spec.nodeName"));
    assertThat(version.getSubresources().getStatus()).isNotNull();
  }

  @Test
  void anAssignmentIsNamespacedAndSelectableByNode() throws IOException {
    CustomResourceDefinition crd = crd(new RdmaGidAssignmentCrd());

    assertThat(crd.getSpec().getScope()).isEqualTo("Namespaced");
    assertThat(crd.getSpec().getNames().getShortNames()).containsExactly("rga");
    assertThat(crd.getSpec().getVersions().getFirst().getSelectableFields())
        .singleElement()
        .satisfies(field -> assertThat(field.getJsonPath()).isEqualTo(".spec.nodeName"));
  }

  @Test
  void aPoolThatSaysNothingOfGidsGetsTheDefaults() throws IOException {
    CustomResourceDefinition crd = crd(new RdmaGidPoolCrd());
    JSONSchemaProps spec = schema(crd).getProperties().get("spec");
    JSONSchemaProps gid = spec.getProperties().get("gid");

    assertThat(crd.getSpec().getScope()).isEqualTo("Cluster");
    assertThat(spec.getRequired()).containsExactly("ports");
    assertThat(spec.getProperties().get("podsPerPort").getDefault().toString()).isEqualTo("1");
    assertThat(gid.getDefault().toString()).isEqualTo("{}");
    assertThat(defaultOf(gid, "type")).isEqualTo("\"Auto\"");
    assertThat(defaultOf(gid, "family")).isEqualTo("\"Auto\"");
    assertThat(defaultOf(gid, "scope")).isEqualTo("\"Pod\"");
    assertThat(defaultOf(gid, "required")).isEqualTo("true");
    assertThat(defaultOf(gid, "allowLinkLocal")).isEqualTo("false");
    assertThat(gid.getProperties().get("type").getEnum().toString())
        .isEqualTo("[\"Auto\", \"RoCEv2\", \"RoCEv1\", \"IB\"]");
  }

  @Test
  void rulesOfAPoolStandWhereTheyCanSeeWhatTheyCompare() throws IOException {
    JSONSchemaProps root = schema(crd(new RdmaGidPoolCrd()));

    assertThat(root.getXKubernetesValidations())
        .extracting(rule -> rule.getRule().replaceAll("[ =|&(].*", ""))
        .containsExactly("size", "!has");
    assertThat(root.getProperties().get("spec").getXKubernetesValidations())
        .singleElement()
        .satisfies(rule -> assertThat(rule.getMessage()).contains("resourceName is immutable"));
  }

  @ParameterizedTest
  @FieldSource("KINDS")
  void everyFieldIsDescribedAndEveryStringAndListBounded(CrdKind kind) throws IOException {
    JSONSchemaProps root = schema(crd(kind));
    check("spec", root.getProperties().get("spec"));
    check("status", root.getProperties().get("status"));
  }

  private static void check(String path, JSONSchemaProps schema) {
    if (!path.endsWith("[]")) {
      assertThat(schema.getDescription()).as("%s has a description", path).isNotBlank();
    }
    switch (schema.getType()) {
      case "string" -> assertThat(schema.getMaxLength()).as("%s has a maxLength", path).isNotNull();
      case "array" -> {
        assertThat(schema.getMaxItems()).as("%s has maxItems", path).isNotNull();
        assertThat(schema.getXKubernetesListType()).as("%s has a list type", path).isNotNull();
        check(path + "[]", schema.getItems().getSchema());
      }
      case "object" -> {
        if (schema.getAdditionalProperties() != null) {
          assertThat(schema.getMaxProperties()).as("%s has maxProperties", path).isNotNull();
          check(path + "[]", schema.getAdditionalProperties().getSchema());
        }
        if (schema.getProperties() != null) {
          schema.getProperties().forEach((name, field) -> check(path + "." + name, field));
        }
      }
      case "integer", "number" ->
          assertThat(schema.getMinimum()).as("%s has a minimum", path).isNotNull();
      default -> assertThat(schema.getType()).as(path).isEqualTo("boolean");
    }
  }

  private static String defaultOf(JSONSchemaProps object, String name) {
    return object.getProperties().get(name).getDefault().toString();
  }

  private static JSONSchemaProps schema(CustomResourceDefinition crd) {
    return crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
  }

  private static CustomResourceDefinitionVersion version(CrdKind kind) throws IOException {
    return crd(kind).getSpec().getVersions().getFirst();
  }

  private static CustomResourceDefinition crd(CrdKind kind) throws IOException {
    return Serialization.unmarshal(CrdGeneration.yaml(kind), CustomResourceDefinition.class);
  }
}
