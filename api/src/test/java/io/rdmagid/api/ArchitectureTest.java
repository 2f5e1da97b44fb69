package io.rdmagid.api;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private final JavaClasses api =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.rdmagid.api");

  @Test
  void apiUsesGidJacksonAndTheModelOfTheClient() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.rdmagid.api..",
            "io.rdmagid.gid",
            "io.rdmagid.pool",
            "io.rdmagid.assignment",
            "java..",
            "org.jspecify..",
            "com.fasterxml.jackson..",
            "io.fabric8.crd.generator.annotation",
            "io.fabric8.generator.annotation",
            "io.fabric8.kubernetes.api.model",
            "io.fabric8.kubernetes.model.annotation",
            // CustomResource itself.
            "io.fabric8.kubernetes.client")
        .check(api);
  }

  @Test
  void conditionsEventsAndNamesKnowNoResource() {
    classes()
        .that()
        .resideInAnyPackage(
            "io.rdmagid.api.condition", "io.rdmagid.api.event", "io.rdmagid.api.naming")
        .should()
        .onlyDependOnClassesThat()
        .resideOutsideOfPackage("io.rdmagid.api.v1alpha1")
        .check(api);
  }
}
