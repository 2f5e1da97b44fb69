package io.rdmagid.deviceplugin.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rdmagid.deviceplugin.Recordings;
import io.rdmagid.terminal.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
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
      Thread command = watch(outEnd, errEnd, file, "jsonl");
      assertThat(err.readLine()).isEqualTo("Watching 2 devices.");

      replace(file, before.replace("{\"index\": 3,", "{\"index\": 7,"));

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

  @Test
  void aRecordingThatTurnsInvalidIsToldOnceAndThatItIsSoundAgain()
      throws IOException, InterruptedException {
    String sound = Files.readString(Recordings.twoPorts());
    Path file = Files.writeString(folder.resolve("node.json"), sound);
    PipedWriter errEnd = new PipedWriter();
    try (BufferedReader err = new BufferedReader(new PipedReader(errEnd))) {
      Thread command = watch(new StringWriter(), errEnd, file, "table");
      assertThat(err.readLine()).isEqualTo("Watching 2 devices.");

      replace(file, sound.replace("\"index\": 3", "\"index\": 300"));
      assertThat(err.readLine())
          .isEqualTo(
              "rdmagid: "
                  + file
                  + ": devices[0].ports[0].gids[3].index is not a whole number from 0 to 255");
      assertThat(err.readLine())
          .isEqualTo("rdmagid: " + file + ": counts as it was until it is sound again");
      replace(file, sound.replace("\"index\": 3", "\"index\": 301"));
      replace(file, sound);
      assertThat(err.readLine()).isEqualTo("rdmagid: " + file + ": sound again");
      command.interrupt();
      assertThat(command.join(Duration.ofSeconds(30))).isTrue();
    }
  }

  /** A file that comes later is watched, too; each change says of which it is. */
  @Test
  void ofAFolderEachRecordingIsWatched() throws IOException, InterruptedException {
    String before = Files.readString(Recordings.twoPorts());
    Path first = Files.writeString(folder.resolve("a.json"), before);
    Path second = folder.resolve("b.json");
    PipedWriter outEnd = new PipedWriter();
    PipedWriter errEnd = new PipedWriter();
    try (BufferedReader out = new BufferedReader(new PipedReader(outEnd));
        BufferedReader err = new BufferedReader(new PipedReader(errEnd))) {
      Thread command = watch(outEnd, errEnd, folder, "json");
      assertThat(err.readLine()).isEqualTo("Watching 2 devices of " + first + ".");

      replace(second, "{}");
      assertThat(err.readLine()).startsWith("rdmagid: " + second + ": ");
      replace(second, before);
      while (!err.readLine().equals("Watching 2 devices of " + second + ".")) {
        // the other problems of what is no recording
      }
      replace(second, before.replace("{\"index\": 3,", "{\"index\": 7,"));

      JsonNode reading = new ObjectMapper().readTree(out.readLine());
      assertThat(reading.get("source").textValue()).isEqualTo(second.toString());
      assertThat(reading.get("changes")).hasSize(1);
      assertThat(reading.get("changes").get(0).get("to").intValue()).isEqualTo(7);
      assertThat(reading.get("time").textValue()).isNotEmpty();

      Files.delete(second);
      assertThat(err.readLine())
          .isEqualTo(
              "rdmagid: " + second + ": gone; if it comes again, it is watched as a new one");
      replace(second, before);
      assertThat(err.readLine()).isEqualTo("Watching 2 devices of " + second + ".");
      command.interrupt();
      assertThat(command.join(Duration.ofSeconds(30))).isTrue();
    }
  }

  @Test
  void forPeopleALineHasTheTimesAndTheRecording() throws IOException, InterruptedException {
    String before = Files.readString(Recordings.twoPorts());
    Path file = Files.writeString(folder.resolve("a.json"), before);
    PipedWriter outEnd = new PipedWriter();
    PipedWriter errEnd = new PipedWriter();
    try (BufferedReader out = new BufferedReader(new PipedReader(outEnd));
        BufferedReader err = new BufferedReader(new PipedReader(errEnd))) {
      Thread command = watch(outEnd, errEnd, folder, "wide");
      assertThat(err.readLine()).isNotNull();
      replace(file, before.replace("{\"index\": 3,", "{\"index\": 7,"));

      assertThat(out.readLine())
          .matches("(\\S+Z  ){2}" + Pattern.quote(file.toString()) + "  .*10\\.0\\.0\\.5.*3.*7.*");
      command.interrupt();
      assertThat(command.join(Duration.ofSeconds(30))).isTrue();
    }
  }

  @Test
  void aFolderWithoutRecordingsIsAMistake() {
    Outcome outcome = Outcome.of(List.of("watch", "--recording", folder.toString()));

    assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).isEqualTo("rdmagid: " + folder + ": no *.json in this folder\n");
  }

  private static Thread watch(Writer out, Writer err, Path recording, String format) {
    return Thread.ofPlatform()
        .start(() -> {
          int _ =
              RdmagidMain.run(
                  new PrintWriter(out),
                  new PrintWriter(err, true),
                  "watch",
                  "--recording",
                  recording.toString(),
                  "-o",
                  format);
        });
  }

  private void replace(Path file, String text) throws IOException {
    Path young = Files.writeString(folder.resolve("young"), text);
    Path _ = Files.move(young, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
