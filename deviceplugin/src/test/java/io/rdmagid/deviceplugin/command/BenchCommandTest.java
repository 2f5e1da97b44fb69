package io.rdmagid.deviceplugin.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rdmagid.deviceplugin.Recordings;
import io.rdmagid.deviceplugin.inventory.ReadBy;
import io.rdmagid.deviceplugin.observe.Stopwatch;
import io.rdmagid.deviceplugin.observe.TableBench.Result;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchCommandTest {
  private static final String SAMPLE = Recordings.twoPorts().toString();
  private static final List<Result> RESULTS =
      List.of(
          new Result.Measured(
              "mlx5_0", ReadBy.IOCTL, 40, new Stopwatch.Timing(100, 12_340, 20_000, 9_000)),
          new Result.Measured(
              "mlx5_0", ReadBy.SYSFS, 40, new Stopwatch.Timing(100, 1_234_000, 2_000_050, 800_000)),
          new Result.Unavailable("rxe0", ReadBy.IOCTL, "rxe0: open: EPERM"),
          new Result.Measured(
              "rxe0", ReadBy.SYSFS, 2, new Stopwatch.Timing(100, 5_000, 6_000, 700)));

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return RdmagidMain.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }

  @Test
  void theTableComparesTheMethodsOfADevice() {
    assertThat(String.join("\n", BenchResults.lines(RESULTS)))
        .isEqualTo(
            """
            DEVICE  METHOD  ENTRIES  ROUNDS  MEDIAN     P99        ALLOCATED  RATIO
            mlx5_0  ioctl   40       100     12.3 us    20.0 us    9000 B     1.0
            mlx5_0  sysfs   40       100     1234.0 us  2000.1 us  800000 B   100.0
            rxe0    ioctl   -        -       -          -          -
            rxe0    sysfs   2        100     5.0 us     6.0 us     700 B
            rxe0 by ioctl: not available: rxe0: open: EPERM\
            """);
  }

  @Test
  void aDeviceThatWasRemovedSaysSo() {
    List<Result> removed = List.of(new Result.Removed("rxe0", ReadBy.SYSFS));

    assertThat(BenchResults.lines(removed))
        .last()
        .isEqualTo("rxe0 by sysfs: ended: the kernel removes the device");
    assertThat(BenchResults.json(removed))
        .extracting(JsonNode::toString)
        .containsExactly(
            "{\"device\":\"rxe0\",\"method\":\"sysfs\","
                + "\"unavailable\":\"the kernel removes the device\"}");
  }

  @Test
  void jsonHasWhatTheTableHas() {
    assertThat(BenchResults.json(RESULTS))
        .extracting(JsonNode::toString)
        .containsExactly(
            "{\"device\":\"mlx5_0\",\"method\":\"ioctl\",\"entries\":40,\"rounds\":100,"
                + "\"medianNanos\":12340,\"p99Nanos\":20000,\"allocatedBytes\":9000,\"ratio\":1.0}",
            "{\"device\":\"mlx5_0\",\"method\":\"sysfs\",\"entries\":40,\"rounds\":100,"
                + "\"medianNanos\":1234000,\"p99Nanos\":2000050,\"allocatedBytes\":800000,"
                + "\"ratio\":100.0}",
            "{\"device\":\"rxe0\",\"method\":\"ioctl\",\"unavailable\":\"rxe0: open: EPERM\"}",
            "{\"device\":\"rxe0\",\"method\":\"sysfs\",\"entries\":2,\"rounds\":100,"
                + "\"medianNanos\":5000,\"p99Nanos\":6000,\"allocatedBytes\":700}");
  }

  @Test
  void aRecordingIsParsedSoOften() throws JsonProcessingException {
    assertThat(run("bench", "--recording", SAMPLE, "--rounds", "7", "-o", "json")).isZero();

    JsonNode document = new ObjectMapper().readTree(out.toString());
    assertThat(document.get("source").textValue()).isEqualTo(SAMPLE);
    assertThat(document.get("measurements")).hasSize(1);
    JsonNode measured = document.at("/measurements/0");
    assertThat(measured.get("method").textValue()).isEqualTo("recording");
    assertThat(measured.get("entries").intValue()).isEqualTo(5);
    assertThat(measured.get("rounds").intValue()).isEqualTo(7);
    assertThat(measured.get("medianNanos").longValue()).isPositive();
    assertThat(measured.get("allocatedBytes").longValue()).isPositive();
    out.getBuffer().setLength(0);

    assertThat(run("bench", "--recording", SAMPLE, "--rounds", "1")).isZero();
    assertThat(out.toString()).startsWith("DEVICE  METHOD").hasLineCount(2);
    assertThat(run("bench", "--recording", "/nowhere.json")).isEqualTo(2);
    assertThat(err.toString()).isEqualTo("rdmagid: /nowhere.json: no such file\n");
  }

  @Test
  void ofAFolderEachRecordingIsParsed(@TempDir Path folder) throws IOException {
    assertThat(run("bench", "--recording", folder.toString())).isEqualTo(2);
    assertThat(err.toString()).isEqualTo("rdmagid: " + folder + ": no *.json in this folder\n");

    Path _ = Files.copy(Path.of(SAMPLE), folder.resolve("a.json"));
    Path _ = Files.writeString(folder.resolve("b.json"), "[]");
    assertThat(run("bench", "--recording", folder.toString(), "--rounds", "1")).isEqualTo(2);
    assertThat(out.toString())
        .startsWith(folder.resolve("a.json") + ":\nDEVICE  METHOD")
        .hasLineCount(3);
    assertThat(err.toString()).contains(folder.resolve("b.json") + ": ");
  }

  @Test
  void optionsAreCheckedTogether() {
    assertThat(run("bench", "--recording", SAMPLE, "--rounds", "0", "--device", "mlx5_0"))
        .isEqualTo(2);

    assertThat(err.toString())
        .isEqualTo(
            """
            rdmagid: --rounds 0: from 1 to 1000000
            rdmagid: --device with --recording: a recording is parsed as a whole
            """);
  }

  @Test
  void ofTheKernelItEndsInOrder() {
    int code = run("bench", "--rounds", "1");

    assertThat(code).isIn(0, 1, 3);
    assertThat(code == 1 ? err.toString() : out + err.toString()).isNotEmpty();
    assertThat(err.toString()).doesNotContain("\tat ", "Exception");
  }
}
