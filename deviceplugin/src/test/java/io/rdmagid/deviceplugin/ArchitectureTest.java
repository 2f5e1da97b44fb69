package io.rdmagid.deviceplugin;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchitectureTest {
  private static final String ROOT = "io.rdmagid.deviceplugin.";
  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.rdmagid.deviceplugin");

  @Test
  void inventoryIsPure() {
    classes()
        .that()
        .resideInAPackage(ROOT + "inventory..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            ROOT + "inventory..",
            "io.rdmagid.gid..",
            "io.rdmagid.library..",
            "java..",
            "org.jspecify..")
        .check(CODE);
  }

  /** The packages of this module that each package may use. */
  @ParameterizedTest
  @CsvSource({
    "inventory, inventory",
    "posix, posix",
    "verbs, verbs posix inventory",
    "netlink, netlink posix inventory pace",
    "recording, recording inventory",
    "pace, pace",
    "observe, observe verbs netlink posix recording pace inventory",
    "cluster, cluster pace inventory workload",
    "workload, workload inventory pace",
    "transport, transport",
    "wire, wire inventory",
    "query, query wire transport inventory",
    "folder, folder",
    "kubelet, kubelet workload inventory transport folder pace",
    "nri, nri workload inventory pace",
    "cdi, cdi workload inventory folder pace",
    "others, others workload inventory",
    "cri, cri workload inventory transport pace",
    "npwg, npwg workload pace",
    "files, files workload inventory",
    "command, command observe recording inventory wire transport"
  })
  void packagesUseOnlyThoseBelow(String name, String below) {
    List<String> allowed = new ArrayList<>();
    for (String other : below.split(" ", -1)) {
      allowed.add(ROOT + other + "..");
    }
    noClasses()
        .that()
        .resideInAPackage(ROOT + name + "..")
        .should()
        .dependOnClassesThat(
            com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage(
                    "io.rdmagid.deviceplugin..")
                .and(
                    com.tngtech.archunit.base.DescribedPredicate.not(
                        com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage(
                            allowed.toArray(String[]::new)))))
        .allowEmptyShould(true)
        .check(CODE);
  }

  @Test
  void foreignMemoryStaysBelow() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            ROOT + "posix..", ROOT + "verbs..", ROOT + "netlink..", ROOT + "observe..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.lang.foreign..")
        .check(CODE);
    noClasses()
        .that()
        .resideInAPackage(ROOT + "observe..")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.foreign.Linker")
        .check(CODE);
  }

  @Test
  void onlyPublishingKnowsTheClient() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "cluster..")
        .and()
        .doNotHaveFullyQualifiedName(ROOT + "AgentMain")
        .and()
        .doNotHaveFullyQualifiedName(ROOT + "AllocationTier")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.fabric8..")
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

  /** Loading it takes longer than what a command does without it. */
  @Test
  void ofTheCommandsOneClassKnowsGrpc() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "command..")
        .and()
        .haveNameNotMatching(Pattern.quote(ROOT + "command.AgentClient") + "(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.grpc..", "io.rdmagid.proto..", "com.google.protobuf..")
        .check(CODE);
  }
}
