package io.rdmagid.deviceplugin.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class HugePagesTest {
  @Test
  void thisProcessGetsNone() throws IOException {
    assertThat(HugePages.none()).isZero();
    assertThat(Files.readString(Path.of("/proc/self/status"))).contains("THP_enabled:\t0\n");
  }
}
