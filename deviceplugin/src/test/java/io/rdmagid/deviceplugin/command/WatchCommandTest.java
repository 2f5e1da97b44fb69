package io.rdmagid.deviceplugin.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rdmagid.deviceplugin.Recordings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WatchCommandTest {
  @TempDir private Path folder;

  /** Each line is read as it comes, so nothing waits for a time. */
  @Test
  void anAddressThatMovesToAnotherSlotIsALine() throws IOException, InterruptedException {
    String before = Files.readString(Recordings.twoPorts());
    Path file = Files.writeString(folder.resolve("node.json"), before);
    PipedWriter outEnd = new PipedWriter();
    PipedWriter errEnd = new PipedWriter();
    try (BufferedReader out = new BufferedReader(new PipedReader(outEnd));
        BufferedReader err = new BufferedReader(new PipedReader(errEnd))) {
      Thread command =
          Thread.ofPlatform()
              .start(() -> {
                int _ =
                    RdmagidMain.run(
                        new PrintWriter(outEnd),
                        new PrintWriter(errEnd, true),
                        "watch",
                        "--recording",
                        file.toString(),
                        "-o",
                        "jsonl");
              });
      assertThat(err.readLine()).isEqualTo("Watching 2 devices.");

      Path young = folder.resolve("young");
      Path _ = Files.writeString(young, before.replace("{\"index\": 3,", "{\"index\": 7,"));
      Path _ = Files.move(young, file, StandardCopyOption.ATOMIC_MOVE);

      JsonNode change = new ObjectMapper().readTree(out.readLine());
      assertThat(change.get("change").textValue()).isEqualTo("EntryMoved");
      assertThat(change.get("device").textValue()).isEqualTo("mlx5_0");
      assertThat(change.get("address").textValue()).isEqualTo("10.0.0.5");
      assertThat(change.get("from").intValue()).isEqualTo(3);
      assertThat(change.get("to").intValue()).isEqualTo(7);
      assertThat(Instant.parse(change.get("time").textValue())).isBefore(Instant.now());
      assertThat(Instant.parse(change.get("readTime").textValue()))
          .isAfterOrEqualTo(Instant.parse(change.get("time").textValue()));
      command.interrupt();
      assertThat(command.join(Duration.ofSeconds(30))).isTrue();
    }
  }
}
