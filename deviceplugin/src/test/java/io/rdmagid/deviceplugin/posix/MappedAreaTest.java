package io.rdmagid.deviceplugin.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MappedAreaTest {
  private static final String LIBRARY = "/opt/java/lib/server/libjvm.so";

  @Test
  void areasOfFilesAreReadAndNoOthers() {
    assertThat(
            MappedArea.parse(
                List.of(
                    "fc000000-fdb60000 rw-p 00000000 00:00 0 ",
                    "Rss:               28032 kB",
                    "Anonymous:         28032 kB",
                    "801aff000-8046ba000 r--p 01aff000 fe:00 1234                   /app/agent 1.jsa",
                    "Size:              44780 kB",
                    "Rss:               44776 kB",
                    "Pss:               44776 kB",
                    "Anonymous:             0 kB",
                    "VmFlags: rd mr mw me sd ",
                    "7f6330000000-7f633057c000 rw-p 00000000 00:00 0 [heap]",
                    "Rss:                3184 kB",
                    "7f6336c80000-7f6336d6b000 r--p 0139c000 fe:00 77 " + LIBRARY,
                    "Rss:                 940 kB",
                    "Anonymous:           936 kB")))
        .containsExactly(
            new MappedArea(0x801aff000L, 44780 << 10, "/app/agent 1.jsa", "r--p", 44776 << 10, 0),
            new MappedArea(0x7f6336c80000L, 940 << 10, LIBRARY, "r--p", 940 << 10, 936 << 10));
  }

  @Test
  void whatWasWrittenOrCanBeIsNotOnlyTheFile() {
    assertThat(area("r-xp", 0).isOnlyTheFile()).isTrue();
    assertThat(area("r--p", 4096).isOnlyTheFile()).isFalse();
    assertThat(area("rw-p", 0).isOnlyTheFile()).isFalse();
  }

  private static MappedArea area(String permissions, long ownBytes) {
    return new MappedArea(0, 8192, LIBRARY, permissions, 8192, ownBytes);
  }
}
