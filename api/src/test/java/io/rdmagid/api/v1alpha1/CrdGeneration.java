package io.rdmagid.api.v1alpha1;

import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinitionBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Makes the CRD of the Java records; {@code make generate} runs it by way of {@link CrdGoldenTest}.
 */
final class CrdGeneration {
  private static final String HEADER =
      """
      # Generated from the records of io.rdmagid.api.v1alpha1: do not edit, run `make generate`.
      """;

  /** Printed in this order; the generator's own columns are sorted by path. */
  private static final List<CustomResourceColumnDefinition> COLUMNS =
      List.of(
          column("Node", "string", ".spec.nodeName", "Node of the port"),
          column("Device", "string", ".spec.device", "RDMA device"),
          column("Port", "integer", ".spec.port", "Port of the device"),
          column("Netdev", "string", ".status.netdev", "Network device of the port"),
          column("State", "string", ".status.state", "Logical state of the port"),
          column("Type", "string", ".status.preferred.type", "Type of the preferred entry"),
          column("Index", "integer", ".status.preferred.index", "GID index of the preferred entry"),
          column(
              "Address", "string", ".status.preferred.address", "Address of the preferred entry"),
          column("GIDs", "integer", ".status.gidCount", "Entries of the host's network namespace"),
          column("Age", "date", ".metadata.creationTimestamp", "Age of the object"),
          wide("Rate", "number", ".status.rateGbps", "Rate in Gbit/s"),
          wide("MTU", "integer", ".status.mtu", "Active RDMA MTU in bytes"),
          wide("NUMA", "integer", ".status.numaNode", "NUMA node of the device"),
          wide("PCI", "string", ".status.pciAddress", "PCI address of the device"),
          wide("Pools", "string", ".status.pools", "Pools that the port belongs to"),
          wide("NCCL", "integer", pick("nccl"), "GID index that NCCL would choose by itself"),
          wide("UCX", "integer", pick("ucx"), "GID index that UCX would choose by itself"));

  private CrdGeneration() {}

  /** Writes the CRD into the file named by the one argument. */
  public static void main(String[] arguments) throws IOException {
    write(Path.of(arguments[0]));
  }

  /** Writes the CRD into {@code file}, and the folders above it. */
  static void write(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, yaml());
  }

  /** The CRD as YAML; the same for the same records. */
  static String yaml() throws IOException {
    Path folder = Files.createTempDirectory("rdmagid-crd");
    try {
      new CRDGenerator()
          .customResourceClasses(RdmaGid.class)
          .forCRDVersions("v1")
          .withPostProcessor(new Completion())
          .inOutputDir(folder.toFile())
          .detailedGenerate();
      Path file = folder.resolve("rdmagids.rdmagid.io-v1.yml");
      // The generator's own first line says that it made the file.
      return HEADER + Files.readString(file).replaceFirst("\\A#[^\\n]*\\n", "");
    } finally {
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      files.forEach(file -> {
        try {
          Files.delete(file);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
    }
    Files.delete(folder);
  }

  /** What no annotation of the generator says. */
  private static final class Completion implements CRDPostProcessor {
    @Override
    public HasMetadata process(HasMetadata crd, String crdVersion) {
      CustomResourceDefinition definition = (CustomResourceDefinition) crd;
      definition.getSpec().getVersions().forEach(Completion::complete);
      return definition;
    }

    private static void complete(CustomResourceDefinitionVersion version) {
      version.setAdditionalPrinterColumns(COLUMNS);
      JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
      root.setDescription(
          "RdmaGid shows one RDMA port of one node: its state and its GID table. The agent of the node writes it.");
      root.getProperties().get("spec").setDescription("Which port this is. Immutable.");
      JSONSchemaProps status = root.getProperties().get("status");
      status.setDescription("What the agent sees of the port, in the host's network namespace.");
      Map<String, JSONSchemaProps> fields = status.getProperties();
      Stream.of("gids", "picks", "pools")
          .forEach(name -> fields.get(name).setXKubernetesListType("atomic"));
      fields.get("pools").getItems().getSchema().setMaxLength(63L);
      fields.get("lastChangeTime").setFormat("date-time");
      conditions(fields.get("conditions"));
    }

    /**
     * As metav1.Condition is declared. The agent and the operator each own theirs, so it is a map
     * by type.
     */
    private static void conditions(JSONSchemaProps conditions) {
      conditions.setXKubernetesListType("map");
      conditions.setXKubernetesListMapKeys(List.of("type"));
      JSONSchemaProps condition = conditions.getItems().getSchema();
      condition.setRequired(List.of("lastTransitionTime", "message", "reason", "status", "type"));
      Map<String, JSONSchemaProps> fields = condition.getProperties();
      text(fields.get("type"), 316, "Type of the condition, in CamelCase.");
      text(fields.get("status"), 63, "Status of the condition: True, False or Unknown.");
      text(fields.get("reason"), 1024, "Why the condition has this status, one word in CamelCase.");
      text(fields.get("message"), 32768, "Why the condition has this status, for people.");
      text(fields.get("lastTransitionTime"), 63, "When the status last changed, RFC 3339.");
      fields.get("lastTransitionTime").setFormat("date-time");
      fields.get("observedGeneration").setMinimum(0.0);
      fields
          .get("observedGeneration")
          .setDescription("metadata.generation that this was found for.");
    }

    private static void text(JSONSchemaProps field, long maxLength, String description) {
      field.setMaxLength(maxLength);
      field.setDescription(description);
    }
  }

  private static String pick(String library) {
    return ".status.picks[?(@.library==\"" + library + "\")].index";
  }

  private static CustomResourceColumnDefinition column(
      String name, String type, String jsonPath, String description) {
    return new CustomResourceColumnDefinitionBuilder()
        .withName(name)
        .withType(type)
        .withJsonPath(jsonPath)
        .withDescription(description)
        .build();
  }

  private static CustomResourceColumnDefinition wide(
      String name, String type, String jsonPath, String description) {
    CustomResourceColumnDefinition column = column(name, type, jsonPath, description);
    column.setPriority(1);
    return column;
  }
}
