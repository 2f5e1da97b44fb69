package io.rdmagid.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final String ROOT = "io.rdmagid.operator";
  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @Test
  void controllersDoNotKnowEachOther() {
    List<String> controllers =
        List.of("pool", "assignment", "group", "eviction", "staleness", "cleaning", "admission");
    for (String controller : controllers) {
      noClasses()
          .that()
          .resideInAPackage(ROOT + "." + controller + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              Stream.concat(
                      Stream.of(ROOT),
                      controllers.stream()
                          .filter(other -> !other.equals(controller))
                          .map(other -> ROOT + "." + other + ".."))
                  .toArray(String[]::new))
          .check(CODE);
    }
  }

  @Test
  void whatAllControllersUseKnowsNone() {
    noClasses()
        .that()
        .resideInAnyPackage(
            ROOT + ".fact..", ROOT + ".job..", ROOT + ".event..", ROOT + ".server..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            ROOT,
            ROOT + ".pool..",
            ROOT + ".assignment..",
            ROOT + ".group..",
            ROOT + ".eviction..",
            ROOT + ".staleness..",
            ROOT + ".cleaning..",
            ROOT + ".admission..",
            ROOT + ".failover..")
        .check(CODE);
  }

  @Test
  void failoverOnlyDecides() {
    classes()
        .that()
        .resideInAPackage(ROOT + ".failover..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            ROOT + ".failover..",
            "io.rdmagid.pool..",
            "io.rdmagid.assignment..",
            "io.rdmagid.api..",
            "java.lang..",
            "java.time..",
            "java.util..",
            "org.jspecify..")
        .check(CODE);
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".failover..")
        .should()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .dependOnClassesThat()
        .resideInAPackage("java.util.concurrent..")
        .check(CODE);
  }

  @Test
  void decisionsArePure() {
    classes()
        .that()
        .haveNameMatching(
            ".*\\.(PoolStatuses|PoolConditions|Fleet|Holding|PublishedPort|AssignmentChange"
                + "|AssignmentAnnotation|GidAssigned|PodEvent|Difference|Report|Seat|Verdict|Member|Groups"
                + "|OwnerChain|GroupKey|AgentPod|Reporting|ReportingConditions|PublishedGid|Leftover|PodRecord"
                + "|Suspicions|PodLooks|PodAdmission|PoolWarnings|PoolIndices|ExcludingVariables|AskingContainer"
                + "|Warnings)(\\$.*)?")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            ROOT + "..",
            "io.rdmagid.gid..",
            "io.rdmagid.pool..",
            "io.rdmagid.assignment..",
            "io.rdmagid.api..",
            "io.rdmagid.library..",
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
                + "|AssignmentAnnotation|GidAssigned|PodEvent|Difference|Report|Seat|Verdict|Member|Groups"
                + "|OwnerChain|GroupKey|AgentPod|Reporting|ReportingConditions|PublishedGid|Leftover|PodRecord"
                + "|Suspicions|PodLooks|PodAdmission|PoolWarnings|PoolIndices|ExcludingVariables|AskingContainer"
                + "|Warnings)(\\$.*)?")
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

  /** A line in the logs is found by its words; what differs stands under a key. */
  @Test
  void logsHaveConstantMessagesAndFixedKeys() throws IOException {
    Pattern call = Pattern.compile("\\.(log|addKeyValue)\\(|LOG\\.");
    Pattern good = Pattern.compile("\\.(log|addKeyValue)\\(\\s*\"[^\"]*\"\\s*[,)]|LOG\\.at[A-Z]");
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        String text = Files.readString(file);
        assertThat(good.matcher(text).results().count())
            .as("%s", file)
            .isEqualTo(call.matcher(text).results().count());
      }
    }
  }
}
