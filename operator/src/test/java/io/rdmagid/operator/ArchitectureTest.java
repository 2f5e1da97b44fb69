package io.rdmagid.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final String ROOT = "io.rdmagid.operator";
  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @Test
  void controllersDoNotKnowEachOther() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".pool..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT, ROOT + ".assignment..", ROOT + ".group..")
        .check(CODE);
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".group..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT, ROOT + ".assignment..", ROOT + ".pool..")
        .check(CODE);
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".fact..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT, ROOT + ".assignment..", ROOT + ".group..", ROOT + ".pool..")
        .check(CODE);
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".assignment..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT, ROOT + ".group..", ROOT + ".pool..")
        .check(CODE);
  }

  @Test
  void decisionsArePure() {
    classes()
        .that()
        .haveNameMatching(
            ".*\\.(PoolStatuses|PoolConditions|Fleet|Holding|PublishedPort|AssignmentChange"
                + "|AssignmentAnnotation|GidAssigned|PodEvent|Difference|Seat|Verdict|Member|Groups|OwnerChain|GroupKey)(\\$.*)?")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            ROOT + "..",
            "io.rdmagid.gid..",
            "io.rdmagid.pool..",
            "io.rdmagid.assignment..",
            "io.rdmagid.api..",
            "io.fabric8.kubernetes.api.model..",
            "io.fabric8.kubernetes.client",
            "com.fasterxml.jackson..",
            "java..",
            "org.jspecify..")
        .check(CODE);
    noClasses()
        .that()
        .haveNameMatching(
            ".*\\.(PoolStatuses|PoolConditions|Fleet|Holding|PublishedPort|AssignmentChange"
                + "|AssignmentAnnotation|GidAssigned|PodEvent|Difference|Seat|Verdict|Member|Groups|OwnerChain|GroupKey)(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .haveSimpleName("KubernetesClient")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
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
