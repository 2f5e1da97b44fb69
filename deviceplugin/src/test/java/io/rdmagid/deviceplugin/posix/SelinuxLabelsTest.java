package io.rdmagid.deviceplugin.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Needs root, and a file system that keeps labels; no SELinux. */
class SelinuxLabelsTest {
  @TempDir Path temporary;

  @Test
  void aTreeWithoutLabelsIsLeftAsItIs() throws IOException {
    Path folder = Files.createDirectory(temporary.resolve("allocations"));

    assertThat(SelinuxLabels.give(folder, SelinuxLabels.FOR_CONTAINERS))
        .isEqualTo(new SelinuxLabels.Result.NotUsed());
    assertThat(label(folder)).isEmpty();
  }

  @Test
  void allThatHasAnotherLabelGetsThisOne() throws IOException {
    Path folder = Files.createDirectory(temporary.resolve("allocations"));
    Path set = Files.createDirectory(folder.resolve("..set-1"));
    Path file = Files.writeString(set.resolve("env"), "");
    Path outside = Files.writeString(temporary.resolve("outside"), "");
    Path link = Files.createSymbolicLink(folder.resolve("env"), outside);
    give(folder, "system_u:object_r:var_lib_t:s0");
    give(file, SelinuxLabels.FOR_CONTAINERS);

    assertThat(SelinuxLabels.give(folder, SelinuxLabels.FOR_CONTAINERS))
        .isEqualTo(new SelinuxLabels.Result.Labelled(3));
    assertThat(List.of(folder, set, file, link))
        .allSatisfy(each -> assertThat(label(each)).contains(SelinuxLabels.FOR_CONTAINERS));
    assertThat(label(outside)).as("behind a link").isEmpty();
    assertThat(SelinuxLabels.give(folder, SelinuxLabels.FOR_CONTAINERS))
        .isEqualTo(new SelinuxLabels.Result.Labelled(0));
  }

  @Test
  void aFileThatKeepsItsLabelIsNamed() throws IOException {
    Path folder = Files.createDirectory(temporary.resolve("allocations"));
    give(folder, "system_u:object_r:var_lib_t:s0");

    assertThat(SelinuxLabels.give(folder, "x".repeat(70_000)))
        .isInstanceOfSatisfying(
            SelinuxLabels.Result.Refused.class,
            refused -> assertThat(refused.file()).isEqualTo(folder));
  }

  private static void give(Path file, String label) {
    try (ExtendedAttribute attribute = new ExtendedAttribute(SelinuxLabels.ATTRIBUTE)) {
      assertThat(attribute.set(file, label)).isZero();
    }
  }

  private static Optional<String> label(Path file) {
    try (ExtendedAttribute attribute = new ExtendedAttribute(SelinuxLabels.ATTRIBUTE)) {
      return attribute.of(file);
    }
  }
}
