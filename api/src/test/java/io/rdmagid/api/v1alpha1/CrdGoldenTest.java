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
import org.junit.jupiter.api.Test;

class CrdGoldenTest {
  /** From the module's folder, where Surefire runs the tests. */
  private static final Path COMMITTED =
      Path.of("..", "charts", "rdmagid", "crds", "rdmagids.rdmagid.io.yaml");

  @Test
  void theCommittedCrdIsWhatTheRecordsSay() throws IOException {
    if (Boolean.getBoolean("rdmagid.generate")) {
      CrdGeneration.write(COMMITTED);
      return;
    }
    assertThat(COMMITTED).as("no such file: run `make generate`").exists();
    assertThat(Files.readString(COMMITTED))
        .as("%s is not what the records say: run `make generate` and commit", COMMITTED)
        .isEqualTo(CrdGeneration.yaml());
  }

  @Test
  void generatingTwiceGivesTheSame() throws IOException {
    assertThat(CrdGeneration.yaml()).isEqualTo(CrdGeneration.yaml());
  }

  @Test
  void columnsStandInTheOrderPeopleRead() throws IOException {
    CustomResourceDefinitionVersion version = version();

    assertThat(version.getAdditionalPrinterColumns())
        .filteredOn(column -> column.getPriority() == null)
        .extracting(CustomResourceColumnDefinition::getName)
        .containsExactly(
            "Node", "Device", "Port", "Netdev", "State", "Type", "Index", "Address", "GIDs", "Age");
    assertThat(version.getAdditionalPrinterColumns())
        .filteredOn(column -> column.getPriority() != null)
        .extracting(CustomResourceColumnDefinition::getName)
        .containsExactly("Rate", "MTU", "NUMA", "PCI", "Pools", "NCCL", "UCX");
  }

  @Test
  void specIsRequiredImmutableAndSelectableByNode() throws IOException {
    CustomResourceDefinitionVersion version = version();
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
  void everyFieldIsDescribedAndEveryStringAndListBounded() throws IOException {
    JSONSchemaProps root = version().getSchema().getOpenAPIV3Schema();
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
      case "object" ->
          schema.getProperties().forEach((name, field) -> check(path + "." + name, field));
      case "integer", "number" ->
          assertThat(schema.getMinimum()).as("%s has a minimum", path).isNotNull();
      default -> assertThat(schema.getType()).as(path).isEqualTo("boolean");
    }
  }

  private static CustomResourceDefinitionVersion version() throws IOException {
    return Serialization.unmarshal(CrdGeneration.yaml(), CustomResourceDefinition.class)
        .getSpec()
        .getVersions()
        .getFirst();
  }
}
