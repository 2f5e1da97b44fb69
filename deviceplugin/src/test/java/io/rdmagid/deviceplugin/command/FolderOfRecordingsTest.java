package io.rdmagid.deviceplugin.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.Recordings;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A folder's recordings are read one after the other, each when its turn comes. */
@Timeout(300)
class FolderOfRecordingsTest {
  private static final int RECORDINGS = 500;
  private static final int PORTS = 4;
  private static final int SLOTS = 256;

  @TempDir Path folder;

  /** The second recording is a pipe: nothing is written there before the first was printed. */
  @Test
  void aRecordingIsPrintedBeforeTheNextIsRead() throws IOException, InterruptedException {
    String recording = Files.readString(Recordings.twoPorts());
    Path _ = Files.writeString(folder.resolve("a.json"), recording);
    Path pipe = folder.resolve("b.json");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    PipedWriter outEnd = new PipedWriter();
    try (BufferedReader out = new BufferedReader(new PipedReader(outEnd))) {
      Thread command =
          Thread.ofPlatform()
              .start(() -> {
                int _ =
                    RdmagidMain.run(
                        new PrintWriter(outEnd),
                        new PrintWriter(new StringWriter()),
                        "explain",
                        "-o",
                        "json",
                        "--recording",
                        folder.toString());
              });

      assertThat(out.readLine()).contains("a.json");
      Path _ = Files.writeString(pipe, recording);
      assertThat(out.readLine()).contains("b.json");
      assertThat(command.join(Duration.ofSeconds(60))).isTrue();
    }
  }

  /** All at once their 512,000 entries would not fit into this heap by far. */
  @Test
  void fiveHundredRecordingsNeedTheMemoryOfOne() throws IOException, InterruptedException {
    Path one = Files.writeString(folder.resolve("000.json"), recording());
    for (int i = 1; i < RECORDINGS; i++) {
      Path _ = Files.createLink(folder.resolve("%03d.json".formatted(i)), one);
    }
    File out = folder.resolve("out").toFile();
    File err = folder.resolve("err").toFile();

    int code =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                RdmagidMain.class.getName(),
                "explain",
                "-o",
                "json",
                "--recording",
                folder.toString())
            .redirectOutput(out)
            .redirectError(err)
            .start()
            .waitFor();

    assertThat(code).as(Files.readString(err.toPath())).isZero();
    assertThat(Files.readAllLines(out.toPath(), StandardCharsets.UTF_8))
        .hasSize(RECORDINGS)
        .first()
        .asString()
        .contains("000.json", "\"nccl\":");
  }

  private static String recording() {
    StringBuilder json = new StringBuilder("{\"version\": 1, \"devices\": [");
    for (int device = 0; device < PORTS; device++) {
      json.append(device == 0 ? "" : ",")
          .append("{\"name\": \"mlx5_")
          .append(device)
          .append("\", \"ports\": [{\"port\": 1, \"gidTableLength\": ")
          .append(SLOTS)
          .append(", \"gids\": [");
      for (int slot = 0; slot < SLOTS; slot++) {
        json.append(slot == 0 ? "" : ",")
            .append("{\"index\": ")
            .append(slot)
            .append(", \"gid\": \"::ffff:10.")
            .append(device)
            .append(".")
            .append(slot)
            .append(".1\", \"type\": \"RoCE v2\", \"netdev\": \"ens")
            .append(device)
            .append("\", \"ifindex\": ")
            .append(device + 2)
            .append("}");
      }
      json.append("]}]}");
    }
    return json.append("]}").toString();
  }
}
