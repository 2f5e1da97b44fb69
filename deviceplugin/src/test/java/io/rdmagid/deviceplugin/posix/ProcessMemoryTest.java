package io.rdmagid.deviceplugin.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProcessMemoryTest {
  @Test
  void pagesOfTheJvmsLibraryThatNobodyWroteAreReturned() throws IOException {
    try (ProcessMemory memory = new ProcessMemory()) {
      long before = residentOfLibrary();

      assertThat(memory.returnCleanPages()).isZero();

      assertThat(residentOfLibrary()).isLessThan(before);
    }
  }

  @Test
  void itMakesNoHugePages() throws IOException {
    try (ProcessMemory memory = new ProcessMemory()) {
      assertThat(memory.noHugePages()).isZero();
    }

    assertThat(Files.readString(Path.of("/proc/self/status"))).contains("THP_enabled:\t0\n");
  }

  private static long residentOfLibrary() throws IOException {
    return ProcessMemory.smaps().stream()
        .filter(area -> area.file().endsWith("/libjvm.so") && area.isOnlyTheFile())
        .mapToLong(MappedArea::residentBytes)
        .sum();
  }
}
