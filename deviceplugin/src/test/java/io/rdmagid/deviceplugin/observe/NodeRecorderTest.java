package io.rdmagid.deviceplugin.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.LinkDescription;
import io.rdmagid.deviceplugin.recording.Capture;
import io.rdmagid.deviceplugin.recording.Recording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeRecorderTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-26T12:00:00.123Z"), ZoneOffset.UTC);

  @TempDir Path root;

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.resolveSibling(""));
    Files.writeString(path, text);
  }

  private Recording record() {
    return new NodeRecorder(root.resolve("proc"), CLOCK).of(Inventory.EMPTY, Map.of("A", "b"));
  }

  @Test
  void aRecordingSaysWhereAndWhenItWasMade() throws IOException {
    write("proc/sys/kernel/hostname", "node-a\n");
    write("proc/sys/kernel/osrelease", "6.12.107\n");

    Recording recording = record();

    assertThat(recording.capture())
        .isEqualTo(new Capture("node-a", "6.12.107", "2026-11-26T12:00:00Z"));
    assertThat(recording.environment()).isEqualTo(Map.of("A", "b"));
    assertThat(recording.links()).extracting(LinkDescription::name).contains("lo");
  }

  @Test
  void whatNobodyKnowsIsEmpty() {
    assertThat(record().capture()).isEqualTo(new Capture("", "", "2026-11-26T12:00:00Z"));
  }
}
