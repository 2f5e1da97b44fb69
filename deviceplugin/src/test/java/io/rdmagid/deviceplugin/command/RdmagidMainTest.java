package io.rdmagid.deviceplugin.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rdmagid.deviceplugin.Recordings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RdmagidMainTest {
  private static final String SAMPLE = Recordings.twoPorts().toString();

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return RdmagidMain.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }

  @Test
  void showPrintsATable() {
    assertThat(run("show", "--recording", SAMPLE)).isZero();

    assertThat(out.toString())
        .isEqualTo(
            """
            DEVICE  PORT  NETDEV  STATE   INDEX  TYPE    GID/ADDRESS      PREFERRED
            mlx5_0  1     ens1f0  ACTIVE  0      RoCEv1  fe80::e42:a1ff:fe65:1f2a
            mlx5_0  1     ens1f0  ACTIVE  1      RoCEv2  fe80::e42:a1ff:fe65:1f2a
            mlx5_0  1     ens1f0  ACTIVE  2      RoCEv1  10.0.0.5
            mlx5_0  1     ens1f0  ACTIVE  3      RoCEv2  10.0.0.5         *
            mlx5_1  1     ens1f1  DOWN    -      -       -
            """);
    assertThat(out.toString().lines()).allMatch(line -> line.length() <= 80);
    assertThat(err.toString()).isEqualTo("Not shown: 1 of other network namespaces (pods).\n");
  }

  @Test
  void showPrintsJson() throws JsonProcessingException {
    assertThat(run("show", "--recording", SAMPLE, "-o", "json")).isZero();

    JsonNode ports = new ObjectMapper().readTree(out.toString()).get("ports");
    assertThat(ports).hasSize(2);
    assertThat(ports.get(0).get("gids").get(3).toString())
        .isEqualTo(
            "{\"index\":3,\"type\":\"RoCEv2\",\"gid\":\"::ffff:10.0.0.5\",\"address\":\"10.0.0.5\","
                + "\"netdev\":\"ens1f0\",\"preferred\":true}");
    assertThat(ports.get(0).get("gids").get(2).get("preferred").booleanValue()).isFalse();
    assertThat(ports.get(1).get("state").textValue()).isEqualTo("DOWN");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void nothingThereIsOne(@TempDir Path folder) throws IOException {
    Path empty = Files.writeString(folder.resolve("empty.json"), "{\"version\": 1}");

    assertThat(run("show", "--recording", empty.toString())).isEqualTo(1);

    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).startsWith("rdmagid: no RDMA port here").hasLineCount(1);
  }

  @Test
  void aBadRecordingIsTwoWithEveryProblem(@TempDir Path folder) throws IOException {
    Path bad = Files.writeString(folder.resolve("bad.json"), "{\"version\": 2, \"x\": 1}");

    assertThat(run("show", "--recording", bad.toString())).isEqualTo(2);

    assertThat(err.toString()).hasLineCount(2).contains("version").contains("x is not a field");
  }

  @Test
  void aBadCommandLineIsTwoInTwoLines() {
    assertThat(run("show", "--no-such")).isEqualTo(2);
    assertThat(err.toString())
        .hasLineCount(2)
        .contains("--no-such")
        .contains("rdmagid show --help");
    assertThat(run()).isEqualTo(2);
    assertThat(run("show", "-o", "yaml")).isEqualTo(2);
    assertThat(err.toString()).doesNotContain("\tat ");
  }

  @Test
  void helpAndVersion() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("show").contains("Exit codes:");
    assertThat(run("--version")).isZero();
    assertThat(out.toString().lines().toList().getLast()).startsWith("rdmagid ");
  }

  @Test
  void withoutRecordingTheKernelIsAsked() {
    // What it finds is the machine's: what matters is that it ends in order, and says what to do.
    int code = run("show");

    assertThat(code).isIn(0, 1, 3);
    assertThat(code == 0 ? out.toString() : err.toString()).isNotEmpty();
    assertThat(err.toString()).doesNotContain("\tat ");
  }
}
