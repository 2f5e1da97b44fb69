package io.rdmagid.gid;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private final JavaClasses all =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(
              "io.rdmagid.gid", "io.rdmagid.library", "io.rdmagid.pool", "io.rdmagid.assignment");

  @Test
  void nothingButTheJavaBaseIsUsed() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.rdmagid..", "java..", "org.jspecify..")
        .check(all);
  }

  @Test
  void gidsKnowNobodyAndTheOthersKnowGidsOnly() {
    List<String> packages =
        List.of("io.rdmagid.library", "io.rdmagid.pool", "io.rdmagid.assignment");
    noClasses()
        .that()
        .resideInAPackage("io.rdmagid.gid")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages.toArray(String[]::new))
        .check(all);
    for (String one : packages) {
      noClasses()
          .that()
          .resideInAPackage(one)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              packages.stream().filter(other -> !other.equals(one)).toArray(String[]::new))
          .check(all);
    }
  }
}
