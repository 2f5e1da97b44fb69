package io.rdmagid.kubectl;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final String ROOT = "io.rdmagid.kubectl";
  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);
  private static final Pattern WRITES =
      Pattern.compile("create|update.*|patch.*|delete.*|serverSideApply|edit.*|evict");

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
            DescribedPredicate.<JavaMethodCall>describe(
                "write",
                call ->
                    call.getTargetOwner()
                            .getPackageName()
                            .startsWith("io.fabric8.kubernetes.client.dsl")
                        && WRITES.matcher(call.getName()).matches()))
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
