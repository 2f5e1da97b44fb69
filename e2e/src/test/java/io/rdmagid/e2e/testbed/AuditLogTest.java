package io.rdmagid.e2e.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
  private static final String LINE =
      """
      {"requestReceivedTimestamp":"2026-01-01T00:00:00.000001Z","verb":"patch","user":{"username":"a"},\
      "objectRef":{"resource":"rdmagids","name":"n","subresource":"status"},"responseStatus":{"code":200}}
      """;

  @TempDir private Path folder;

  @Test
  void readsWritesAndLeavesHalfALine() throws IOException {
    Path file = folder.resolve("audit.log");
    Files.writeString(file, LINE + LINE.substring(0, 40));

    Instant time = Instant.parse("2026-01-01T00:00:00.000001Z");
    AuditEvent expected = new AuditEvent(time, "a", "patch", "rdmagids", "n", "status", 200);
    assertThat(new AuditLog(file).events()).containsExactly(expected);
  }

  @Test
  void noLogIsNoWrites() {
    assertThat(new AuditLog(folder.resolve("none")).events()).isEmpty();
  }
}
