package io.rdmagid.kubectl;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final String ROOT = "io.rdmagid.kubectl";
  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @Test
  void whatIsWrongAndWhyIsDecidedWithoutACluster() {
    classes()
        .that()
        .resideInAnyPackage(ROOT + ".snapshot..", ROOT + ".check..", ROOT + ".explain..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            ROOT + ".snapshot..",
            ROOT + ".check..",
            ROOT + ".explain..",
            "io.rdmagid.gid..",
            "io.rdmagid.library..",
            "io.rdmagid.pool..",
            "io.rdmagid.assignment..",
            "io.rdmagid.api..",
            "io.fabric8.kubernetes.api.model..",
            "io.fabric8.kubernetes.client",
            "java.lang..",
            "java.util..",
            "org.jspecify..")
        .check(CODE);
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".snapshot..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + ".check..", ROOT + ".explain..")
        .check(CODE);
  }

  @Test
  void theClusterIsOnlyRead() {
    noClasses()
        .should()
        .callMethodWhere(
            com.tngtech.archunit.core.domain.JavaCall.Predicates.target(
                com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner(
                        com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage(
                            "io.fabric8.kubernetes.client.dsl.."))
                    .and(
                        com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching(
                            "create|update.*|patch.*|delete.*|serverSideApply|edit.*|evict"))))
        .check(CODE);
  }

  @Test
  void namesSayWhatThingsAre() {
    noClasses()
        .should()
        .haveNameMatching(".*(Utils?|Impl|Manager|Helper)(\\$.*)?")
        .orShould()
        .resideInAnyPackage("..common..", "..util..")
        .check(CODE);
  }
}
