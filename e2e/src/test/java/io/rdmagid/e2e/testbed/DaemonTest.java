package io.rdmagid.e2e.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DaemonTest {
  @TempDir private Path folder;

  @Test
  void stopsWhatItStarted() {
    Daemon daemon = new Daemon(folder, "sleeper");
    daemon.start(List.of("sleep", "600"));
    assertThat(new Daemon(folder, "sleeper").isAlive()).isTrue();

    new Daemon(folder, "sleeper").stop();
    assertThat(daemon.isAlive()).isFalse();
  }

  @Test
  void leavesAProcessThatGotThePidSinceAlone() throws IOException {
    Daemon daemon = new Daemon(folder, "other");
    Files.writeString(folder.resolve("other.pid"), ProcessHandle.current().pid() + " boot/12345");

    assertThat(daemon.isAlive()).isFalse();
    daemon.kill();
  }
}
