package io.rdmagid.deviceplugin.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rdmagid.deviceplugin.PodNamespace;
import io.rdmagid.deviceplugin.Recordings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    JsonNode document = new ObjectMapper().readTree(out.toString());
    assertThat(document.get("rdmaNamespaceMode").textValue()).isEqualTo("shared");
    JsonNode ports = document.get("ports");
    assertThat(ports).hasSize(2);
    assertThat(ports.get(0).get("gids").get(3).toString())
        .isEqualTo(
            "{\"index\":3,\"type\":\"RoCEv2\",\"gid\":\"::ffff:10.0.0.5\",\"address\":\"10.0.0.5\","
                + "\"netdev\":\"ens1f0\",\"ifindex\":4,\"otherNamespace\":false,"
                + "\"usable\":true,\"preferred\":true}");
    assertThat(ports.get(0).get("gids").get(2).get("preferred").booleanValue()).isFalse();
    assertThat(ports.get(1).get("state").textValue()).isEqualTo("DOWN");
    assertThat(ports.get(0).get("defaultRoceMode").textValue()).isEqualTo("RoCEv2");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void wideShowsTheEntriesOfPodsToo() {
    assertThat(run("show", "--recording", SAMPLE, "-o", "wide")).isZero();

    assertThat(out.toString())
        .contains("mlx5_0  1     -       ACTIVE  4      RoCEv2  192.168.7.9      3")
        .contains("IFINDEX  RATE  MTU   NUMA  PCI           RDMACM  READ       PREFERRED\n")
        .contains("400G  4096  0     0000:19:00.0  RoCEv2  recording  (pod)");
    assertThat(err.toString()).isEqualTo("RDMA namespace mode: shared.\n");
  }

  @Test
  void yamlIsADocumentAndJsonlALineAnEntry() {
    assertThat(run("show", "--recording", SAMPLE, "-o", "yaml")).isZero();
    assertThat(out.toString()).startsWith("---\nsource: ").contains("  - index: 3\n");
    out.getBuffer().setLength(0);

    assertThat(run("show", "--recording", SAMPLE, "-o", "jsonl")).isZero();
    assertThat(out.toString().lines()).hasSize(5).allMatch(line -> line.startsWith("{\"source\":"));
  }

  @Test
  void entryShowsOneSlotOrSaysWhyNot() {
    assertThat(run("entry", "mlx5_0", "1", "3", "--recording", SAMPLE)).isZero();
    assertThat(out.toString())
        .isEqualTo(
            """
            DEVICE  PORT  NETDEV  STATE   INDEX  TYPE    GID/ADDRESS  PREFERRED
            mlx5_0  1     ens1f0  ACTIVE  3      RoCEv2  10.0.0.5     *
            """);

    assertThat(run("entry", "mlx5_0", "1", "9", "--recording", SAMPLE)).isEqualTo(1);
    assertThat(run("entry", "mlx5_0", "1", "256", "--recording", SAMPLE)).isEqualTo(1);
    assertThat(run("entry", "mlx5_2", "1", "3", "--recording", SAMPLE)).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            """
            rdmagid: slot 9 of mlx5_0/1 is empty
            rdmagid: the table of mlx5_0/1 has 256 slots, so indices up to 255
            rdmagid: no port mlx5_2/1; there are mlx5_0/1, mlx5_1/1
            """);
  }

  @Test
  void findSaysWhereAnAddressIs() {
    assertThat(run("find", "--ip", "192.168.7.9", "--recording", SAMPLE)).isZero();
    assertThat(out.toString())
        .isEqualTo(
            """
            DEVICE  PORT  NETDEV  STATE   INDEX  TYPE    GID/ADDRESS  PREFERRED
            mlx5_0  1     -       ACTIVE  4      RoCEv2  192.168.7.9  (pod)
            """);
    out.getBuffer().setLength(0);

    assertThat(
            run(
                "find",
                "--netdev",
                "ens1f0",
                "--type",
                "rocev1",
                "--recording",
                SAMPLE,
                "-o",
                "jsonl"))
        .isZero();
    assertThat(out.toString().lines()).hasSize(2).allMatch(line -> line.contains("RoCEv1"));

    assertThat(run("find", "--ip", "10.9.9.9", "--recording", SAMPLE)).isEqualTo(1);
    assertThat(run("find", "--ip", "rail0", "--recording", SAMPLE)).isEqualTo(2);
    assertThat(err.toString()).contains("no such entry on any port", "'rail0' is no IP address");
  }

  @ParameterizedTest
  @ValueSource(strings = {"find", "show"})
  void aNamespaceThatIsNoneIsABadCommandLine(String command) {
    assertThat(run(command, "--netns", "/run/netns/no-such")).isEqualTo(2);
    assertThat(run(command, "--netns", "4194305")).isEqualTo(2);
    assertThat(run(command, "--netns", "")).isEqualTo(2);
    assertThat(err.toString())
        .contains("'/run/netns/no-such' is neither a process id nor a file")
        .contains("there is no process 4194305")
        .contains("rdmagid " + command + " --help")
        .doesNotContain("\tat ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"find", "show"})
  void aRecordingHasNoNamespacesToLookInto(String command) {
    assertThat(run(command, "--netns", "1", "--recording", SAMPLE)).isEqualTo(2);

    assertThat(err.toString())
        .startsWith("rdmagid: --netns and --recording exclude each other")
        .hasLineCount(2);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aFileThatIsNoNamespaceIsABadCommandLineWhereTheKernelCanBeRead() {
    // Without libibverbs, or the right to enter any, there is nothing to look for in it.
    assertThat(run("find", "--netns", "/dev/null")).isIn(2, 3);
    assertThat(err.toString()).startsWith("rdmagid: ").doesNotContain("\tat ");
  }

  @Test
  void theOwnNamespaceAndAnotherCanBeLookedInto() {
    String own = Long.toString(ProcessHandle.current().pid());
    try (PodNamespace pod = new PodNamespace()) {
      assertThat(run("find", "--netns", own)).isIn(0, 1, 3);
      assertThat(run("show", "-o", "json", "--netns", pod.file().toString())).isIn(0, 1, 3);
    }
    assertThat(err.toString()).doesNotContain("\tat ");
  }

  @Test
  void whatReadsInsideIsNotForPeople() {
    assertThat(run("--help")).isZero();
    assertThat(run("completion", "bash")).isZero();
    assertThat(run("completion", "fish")).isZero();
    assertThat(out.toString()).contains("explain").doesNotContain("read-in-namespace");
  }

  /** It reads no variables, so the options are what can be told; where it agrees, nothing is. */
  @Test
  void explainTellsTheOptionsThatMakePerftestTakeOurs() {
    assertThat(run("explain", "--recording", SAMPLE, "--env", "PERFTEST_FLAGS=-x 1")).isZero();
    assertThat(out.toString()).containsPattern("perftest +1 +no .*; tell it -d mlx5_0 -i 1 -x 3\n");

    out.getBuffer().setLength(0);
    assertThat(run("explain", "--recording", SAMPLE)).isZero();
    assertThat(out.toString()).containsPattern("perftest +3 +yes").doesNotContain("tell it");
  }

  @Test
  void explainSaysWhoTakesWhatAndWhy() {
    assertThat(
            run("explain", "--recording", SAMPLE, "--env", "NCCL_IB_GID_INDEX=1", "MC_GID_INDEX=9"))
        .isZero();

    assertThat(out.toString())
        .isEqualTo(
            """
            mlx5_0 port 1 (ens1f0, Ethernet, ACTIVE)
              INDEX  TYPE    GID/ADDRESS      REMARK
              0      RoCEv1  fe80::e42:a1ff:fe65:1f2a  link-local
              1      RoCEv2  fe80::e42:a1ff:fe65:1f2a  link-local
              2      RoCEv1  10.0.0.5         RoCEv2 goes first
              3      RoCEv2  10.0.0.5         the lowest RoCEv2 IPv4 GID
              4      RoCEv2  192.168.7.9      of another network namespace
              WHO       INDEX  AGREES  WHY
              rdmagid   3      -       the lowest RoCEv2 IPv4 GID
              nccl      1      no      NCCL_IB_GID_INDEX=1
              ucx       3      yes     the first RoCE v2 IPv4 GID
              perftest  3      yes     the highest score, 112
              nvshmem   3      yes     the lowest RoCE v2 IPv4 GID
              mooncake  -      no      MC_GID_INDEX=9 is an empty slot

            mlx5_1 port 1 (ens1f1, Ethernet, DOWN)
              WHO       INDEX  AGREES  WHY
              rdmagid   -      -       the table has no GID of this network namespace
              nccl      -      no      the port is DOWN
              ucx       -      no      the port is DOWN
              perftest  -      no      the port is DOWN
              nvshmem   -      no      the port is DOWN
              mooncake  -      no      the port is DOWN

            """);
    assertThat(out.toString().lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void oneBadRecordingOfAFolderIsToldOfAndTheOthersAreShown(@TempDir Path folder)
      throws IOException {
    Path _ = Files.writeString(folder.resolve("a.json"), "{}");
    Path _ = Files.writeString(folder.resolve("b.json"), Files.readString(Path.of(SAMPLE)));

    assertThat(run("explain", "--recording", folder.toString(), "-o", "json")).isEqualTo(2);

    assertThat(out.toString())
        .isEqualTo(
            "{\"source\":\""
                + folder.resolve("b.json")
                + "\",\"ports\":[{\"device\":\"mlx5_0\",\"port\":1,\"preferred\":{\"index\":3},"
                + "\"picks\":{\"nccl\":3,\"ucx\":3,\"perftest\":3,\"nvshmem\":3,\"mooncake\":3}},"
                + "{\"device\":\"mlx5_1\",\"port\":1,\"preferred\":null,"
                + "\"picks\":{\"nccl\":null,\"ucx\":null,\"perftest\":null,\"nvshmem\":null,"
                + "\"mooncake\":null}}]}\n");
    assertThat(err.toString()).contains("a.json: version is missing");
    assertThat(run("show", "--recording", folder.resolve("none").toString())).isEqualTo(2);
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
    assertThat(run("show", "-o", "xml")).isEqualTo(2);
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
