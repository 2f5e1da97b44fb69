package io.rdmagid.api.v1alpha1;

import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes the CRDs of the Java records; {@code make generate} runs it by way of {@link
 * CrdGoldenTest}.
 */
final class CrdGeneration {
  /** Those whose CRDs the chart carries. */
  static final List<CrdKind> KINDS =
      List.of(new RdmaGidCrd(), new RdmaGidPoolCrd(), new RdmaGidAssignmentCrd());

  private static final String HEADER =
      """
      # Generated from the records of io.rdmagid.api.v1alpha1: do not edit, run `make generate`.
      """;

  private CrdGeneration() {}

  /** Writes a kind's CRD into {@code file}, and the folders above it. */
  static void write(CrdKind kind, Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, yaml(kind));
  }

  /** A kind's CRD as YAML; the same for the same records. */
  static String yaml(CrdKind kind) throws IOException {
    Path folder = Files.createTempDirectory("rdmagid-crd");
    try {
      new CRDGenerator()
          .customResourceClasses(kind.resource())
          .forCRDVersions("v1")
          .withPostProcessor(new Completion(kind))
          .inOutputDir(folder.toFile())
          .detailedGenerate();
      Path file = folder.resolve(kind.crdName() + "-v1.yml");
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

  private record Completion(CrdKind kind) implements CRDPostProcessor {
    @Override
    public HasMetadata process(HasMetadata crd, String crdVersion) {
      CustomResourceDefinition definition = (CustomResourceDefinition) crd;
      for (CustomResourceDefinitionVersion version : definition.getSpec().getVersions()) {
        version.setAdditionalPrinterColumns(kind.columns());
        kind.complete(version.getSchema().getOpenAPIV3Schema());
      }
      return definition;
    }
  }
}
