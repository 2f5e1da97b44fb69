package io.rdmagid.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.rdmagid.e2e.agent.AgentEndpoint;
import io.rdmagid.e2e.testbed.CollectOnFailure;
import io.rdmagid.e2e.testbed.Node;
import io.rdmagid.e2e.testbed.Testbed;
import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * How the agent reads, as the kernel counts it by kprobes, and that it is quiet while nothing
 * changes.
 */
@Tag("long")
@ExtendWith(CollectOnFailure.class)
class KernelReadsTest {
  private static final String TRACING = "/sys/kernel/tracing";

  private static InstalledAgents agents;
  private static Node node;
  private static AgentEndpoint agent;

  @BeforeAll
  static void probe(TestInfo test) {
    agents = InstalledAgents.up(test);
    node = agents.testbed().nodeA();
    agent = new AgentEndpoint(node);
    // record-cmd would patch the scheduler's tracepoints whenever a probe is switched, and a
    // processor that qemu emulates beside can run into the half-patched instruction: "Oops: int3"
    // in try_to_wake_up, panic.
    // do_filp_open has the name in the kernel's memory. At do_sys_openat2 it is still the caller's,
    // and a page of it that is not there is recorded as "(fault)", which passes every filter.
    String _ =
        node.sh(
            """
            cd %s && echo 0 > options/record-cmd && echo 0 > tracing_on; echo > trace; \
            echo 'p:gidq ib_uverbs_handler_UVERBS_METHOD_QUERY_GID_TABLE' > kprobe_events && \
            echo 'p:opens do_filp_open filename=+0(+0($arg2)):string' >> kprobe_events && \
            echo 'filename ~ "*/gids/*" || filename ~ "*/gid_attrs/*"' > events/kprobes/opens/filter && \
            echo 1 > events/kprobes/gidq/enable && echo 1 > events/kprobes/opens/enable && echo 1 > tracing_on\
            """
                .formatted(TRACING));
  }

  @AfterAll
  static void removeProbes() {
    String _ =
        node.sh(
            "cd "
                + TRACING
                + " && echo 0 > events/kprobes/enable && echo > kprobe_events && echo > trace");
    agents.reset();
  }

  @Test
  void oneCallADeviceAndRefreshAndNoFileOfATable() {
    agents.awaitQuiet();
    long hits = traced("gidq");
    long opens = traced("opens");
    double reads = agent.tableReads();
    node.addAddress("10.20.0.77/24", "rail0");
    node.moveAddress("10.20.0.77/24", "rail0", "rail1");
    node.removeAddress("10.20.0.77/24", "rail1");
    // Until the agent's own count stands still: it has seen the last of the three.
    InstalledAgents.awaitNoReading(agent);

    long hitsOfChanges = traced("gidq") - hits;
    assertThat(hitsOfChanges).isEqualTo((long) (agent.tableReads() - reads)).isPositive();
    assertThat(traced("opens")).as("files of GID tables opened").isEqualTo(opens);
  }

  @Test
  void theProbeForFilesWorks() {
    // Else the agent's none would prove nothing.
    long before = traced("opens");
    String _ = node.sh("cat /sys/class/infiniband/rxe0/ports/1/gids/0");
    assertThat(traced("opens")).isEqualTo(before + 1);
  }

  @Test
  void nothingIsWrittenOrReadInSixtyIdleSeconds() {
    agents.awaitQuiet();
    Instant start = Instant.now();
    long hits = traced("gidq");
    Awaitility.await()
        .pollInterval(Duration.ofSeconds(5))
        .during(Duration.ofSeconds(60))
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(() -> assertThat(agents.writesSince(start)).isEmpty());
    assertThat(traced("gidq")).isEqualTo(hits);
  }

  @Test
  void whoeverAsksTheAgentIsToldWhatItHasReadAlready() {
    agents.awaitQuiet();
    long hits = traced("gidq");
    double reads = agent.tableReads();
    CommandInAgent command = new CommandInAgent(agents.testbed(), node);
    for (int i = 0; i < 3; i++) {
      assertThat(
              command
                  .json("show", "--agent", "/run/rdmagid-agent/query.sock")
                  .get("source")
                  .asText())
          .isEqualTo("agent");
    }
    assertThat(traced("gidq")).isEqualTo(hits);

    assertThat(command.json("show", "--agent", "none").get("source").asText()).isEqualTo("kernel");
    long devices = node.sh("ls /sys/class/infiniband").lines().count();
    // A call asks how the kernel reads, and one reads: of each device.
    assertThat(traced("gidq") - hits - (long) (agent.tableReads() - reads)).isEqualTo(2 * devices);
  }

  @Test
  void aKilledAgentComesBackWithoutAWrite() {
    agents.awaitQuiet();
    Testbed testbed = agents.testbed();
    Instant start = Instant.now();
    long hits = traced("gidq");
    long opens = traced("opens");
    String _ = node.sh("kill -9 " + InstalledAgents.PROCESS);
    // It has read the tables again, and says that the server has everything.
    InstalledAgents.await(() -> assertThat(traced("gidq")).isGreaterThan(hits));
    InstalledAgents.await(() -> assertThat(agent.isReady()).isTrue());
    assertThat(traced("opens")).as("files of GID tables opened at the start").isEqualTo(opens);
    try (KubernetesClient client = testbed.kubectl().client()) {
      InstalledAgents.awaitPublished(client, node);
    }
    assertThat(agents.writesSince(start)).isEmpty();
  }

  private static long traced(String probe) {
    return Long.parseLong(
        node.sh("grep -c ' " + probe + ": ' " + TRACING + "/trace || true").strip());
  }
}
