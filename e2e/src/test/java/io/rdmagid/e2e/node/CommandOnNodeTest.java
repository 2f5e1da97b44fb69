package io.rdmagid.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rdmagid.deviceplugin.command.RdmagidMain;
import io.rdmagid.e2e.agent.KernelTables;
import io.rdmagid.e2e.agent.TableEntry;
import io.rdmagid.e2e.testbed.Command;
import io.rdmagid.e2e.testbed.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command line says in an agent's container, of the agent and of the kernel itself. */
@Tag("long")
class CommandOnNodeTest extends OnInstalledAgents {
  private static final String ADDRESS = "10.31.0.1";

  @TempDir Path folder;

  /**
   * The agent is named: where nobody is, it is asked first, but on an emulated node that is busy
   * its answer may come after the command's patience.
   */
  @Test
  void theKernelSaysWhatTheAgentSays() {
    ObjectNode agents = command().json("show", "--agent", "/run/rdmagid-agent/query.sock");
    assertThat(agents.remove("source").asText()).isEqualTo("agent");
    ObjectNode kernels = command().json("show", "--agent", "none");
    assertThat(kernels.remove("source").asText()).isEqualTo("kernel");
    assertThat(kernels).isEqualTo(agents);
    assertThat(kernels.get("rdmaNamespaceMode").asText()).isEqualTo("shared");
    assertThat(CommandInAgent.shown(kernels)).containsExactlyElementsOf(KernelTables.bySysfs(node));
  }

  @Test
  void aSlotByItsIndexAndAnEntryByItsAddress() {
    String address = "10.10.1." + node.number();
    TableEntry entry = awaitEntry("rxe1", address, "rail1");
    assertThat(CommandInAgent.found(command().json("find", "--ip", address)))
        .containsExactly(entry);
    assertThat(
            CommandInAgent.found(
                command().json("entry", "rxe1", "1", Integer.toString(entry.index()))))
        .containsExactly(entry);

    Output empty = command().run("entry", "rxe1", "1", "1000");
    assertThat(empty.exit()).isEqualTo(1);
    assertThat(empty.err()).contains("slot 1000 of rxe1/1 is empty");
  }

  /** Where nobody says whom to ask, the agent is: what it says is shown with what it is. */
  @Test
  void theAgentIsAskedWhereNobodySaysWhom() {
    InstalledAgents.await(() -> {
      ObjectNode found = command().json("find", "--netdev", "rail1");
      assertThat(found.get("source").asText()).isEqualTo("agent");
      assertThat(CommandInAgent.found(found))
          .containsExactlyElementsOf(
              KernelTables.bySysfs(node).stream()
                  .filter(entry -> entry.netdev().equals("rail1"))
                  .toList());
    });
  }

  /** The first process of the container is the agent, in the host's network namespace. */
  @Test
  void aProcessNamesANetworkNamespaceToo() {
    String address = "10.10.1." + node.number();
    TableEntry entry = awaitEntry("rxe1", address, "rail1");
    ObjectNode found = command().json("find", "--netns", "1", "--ip", address);

    assertThat(found.get("source").asText()).isEqualTo("netns 1");
    assertThat(CommandInAgent.found(found)).containsExactly(entry);
  }

  @Test
  void theKernelsTablesAreMeasured() {
    ObjectNode measured = command().json("bench", "--rounds", "2");

    assertThat(StreamSupport.stream(measured.get("measurements").spliterator(), false))
        .extracting(result -> result.get("device").asText() + " " + result.get("method").asText())
        .contains("rxe0 ioctl", "rxe0 sysfs", "rxe1 ioctl", "rxe1 sysfs");
  }

  /** The table has those of the host, too; a program in the namespace can use none of them. */
  @Test
  void whatAProgramInAnotherNamespaceCanUse() {
    given(
        "ip netns add other; ip link add link rail1 name own0 type macvlan mode bridge; "
            + "ip link set own0 netns other; "
            + "ip -n other addr add "
            + ADDRESS
            + "/24 dev own0; ip -n other link set own0 up",
        "ip -n other link del own0; ip netns del other");
    TableEntry entry = awaitEntry("rxe1", ADDRESS, "own0");
    ObjectNode found = command().json("find", "--netns", "/var/run/netns/other");
    assertThat(found.get("source").asText()).isEqualTo("netns /var/run/netns/other");
    assertThat(CommandInAgent.found(found))
        .contains(entry)
        .allSatisfy(one -> assertThat(one.netdev()).isEqualTo("own0"));
  }

  @Test
  void theKernelsChoiceIsExplained() {
    TableEntry entry = awaitEntry("rxe1", "10.10.1." + node.number(), "rail1");
    ObjectNode explained = command().json("explain", "--agent", "none");
    JsonNode port =
        StreamSupport.stream(explained.get("ports").spliterator(), false)
            .filter(one -> one.get("device").asText().equals("rxe1"))
            .findFirst()
            .orElseThrow();
    assertThat(port.get("preferred").get("index").asInt())
        .isEqualTo(entry.index())
        .isEqualTo(status("rxe1").preferred().index());
    // The lowest RoCE v2 GID with an IPv4 address, by their own rules.
    assertThat(port.get("picks").get("nccl").asInt()).isEqualTo(entry.index());
    assertThat(port.get("picks").get("ucx").asInt()).isEqualTo(entry.index());
  }

  /** This machine has no RDMA: all that it shows is in the recording. */
  @Test
  void aRecordingShowsTheSameElsewhere() throws IOException {
    Path recording = folder.resolve("node.json");
    Files.writeString(recording, command().run("record").orThrow("rdmagid record"));
    ObjectNode shown =
        CommandInAgent.document(
            Command.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    RdmagidMain.class.getName(),
                    "show",
                    "--recording",
                    recording.toString(),
                    "-o",
                    "json")
                .sh());
    assertThat(shown.get("source").asText()).isEqualTo(recording.toString());
    assertThat(shown.get("rdmaNamespaceMode").asText()).isEqualTo("shared");
    assertThat(CommandInAgent.shown(shown)).containsExactlyElementsOf(KernelTables.bySysfs(node));
  }

  @Test
  void anAddressThatComesIsWatched() throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process watch =
        new ProcessBuilder(
                agents.testbed().kubectl().words(command().words("watch", "-o", "jsonl")))
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      InstalledAgents.await(
          () -> assertThat(Files.readString(err)).contains("Watching 3 devices."));
      given("ip addr add " + ADDRESS + "/24 dev rail1", "true");
      InstalledAgents.await(() -> assertThat(Files.readAllLines(out)).isNotEmpty());
      TableEntry entry = awaitEntry("rxe1", ADDRESS, "rail1");
      JsonNode change = CommandInAgent.document(Files.readAllLines(out).getFirst());
      assertThat(change.get("change").asText()).isEqualTo("EntryAdded");
      assertThat(change.get("device").asText()).isEqualTo("rxe1");
      assertThat(change.get("index").asInt()).isEqualTo(entry.index());
      assertThat(change.get("gid").asText()).isEqualTo(entry.gid());
      // As Ctrl-C does it; the end of kubectl would leave it in the container.
      String _ = node.sh("kill -INT $(pgrep -f 'RdmagidMai[n] watch')");
      assertThat(watch.waitFor(InstalledAgents.GUARD.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } finally {
      watch.destroyForcibly();
      String _ = node.sh("pkill -KILL -f 'RdmagidMai[n] watch' || true");
    }
  }

  private static CommandInAgent command() {
    return new CommandInAgent(agents.testbed(), node);
  }
}
