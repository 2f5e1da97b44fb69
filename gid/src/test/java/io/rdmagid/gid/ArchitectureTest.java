package io.rdmagid.gid;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private final JavaClasses all =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.rdmagid.gid", "io.rdmagid.pool", "io.rdmagid.assignment");

  @Test
  void nothingButTheJavaBaseIsUsed() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.rdmagid..", "java..", "org.jspecify..")
        .check(all);
  }

  @Test
  void gidsKnowNeitherPoolsNorAssignmentsNorThoseEachOther() {
    noClasses()
        .that()
        .resideInAPackage("io.rdmagid.gid")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.rdmagid.pool", "io.rdmagid.assignment")
        .check(all);
    noClasses()
        .that()
        .resideInAPackage("io.rdmagid.pool")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.rdmagid.assignment")
        .check(all);
    noClasses()
        .that()
        .resideInAPackage("io.rdmagid.assignment")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.rdmagid.pool")
        .check(all);
  }
}
