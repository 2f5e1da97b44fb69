package io.rdmagid.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.api.naming.RdmaGidName;
import io.rdmagid.api.v1alpha1.RdmaGidStatus;
import io.rdmagid.e2e.agent.AgentInstallation;
import io.rdmagid.e2e.agent.KernelTables;
import io.rdmagid.e2e.agent.TableEntry;
import io.rdmagid.e2e.testbed.AuditEvent;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tables with more entries than anybody wants, and changes that come faster than they are told. */
@Tag("long")
class ManyAddressesTest extends OnInstalledAgents {
  /** The length of rxe's table. */
  private static final int SLOTS = 1024;

  private static final int CHANGES = 1000;

  /**
   * More addresses than the table has slots: the kernel drops what does not fit. What is published
   * of them is the CRD's limit; the command line shows all.
   */
  @Test
  void aFullTable() {
    given(
        batch(SLOTS + 80, "\"add\", i", "dummy0") + "; ip -batch /run/batch",
        "ip addr flush dev dummy0 scope global");
    InstalledAgents.await(() -> assertThat(status("rxe2").gidCount()).isEqualTo(SLOTS));

    List<TableEntry> kernels =
        KernelTables.bySysfs(node).stream().filter(entry -> entry.device().equals("rxe2")).toList();
    assertThat(kernels).hasSize(SLOTS);
    assertThat(shown("rxe2")).containsExactlyElementsOf(kernels);
    RdmaGidStatus status = status("rxe2");
    assertThat(status.truncated()).isTrue();
    assertThat(status.gids())
        .extracting(row -> row.index() + " " + row.gid() + " " + row.netdev())
        .containsExactlyElementsOf(
            kernels.stream()
                .limit(status.gids().size())
                .map(entry -> entry.index() + " " + entry.gid() + " " + entry.netdev())
                .toList());
  }

  /** The first is published at once, the others by windows that double from 50 ms to 1 s. */
  @Test
  void aThousandChangesAtOnceAreFewPublications() {
    agents.awaitQuiet();
    int restarts = restarts();
    Instant start = Instant.now();
    given(
        batch(CHANGES, "i % 2 ? \"del\" : \"add\", int(i / 2)", "rail1")
            + "; t=$(date +%s%N); ip -batch /run/batch; ip addr add 10.32.9.9/32 dev rail1; "
            + "echo $(( ($(date +%s%N) - t) / 1000000 )) > /run/batch-millis",
        "true");
    awaitEntry("rxe1", "10.32.9.9", "rail1");
    assertPublished();
    agents.awaitQuiet();
    double seconds = Long.parseLong(node.sh("cat /run/batch-millis").strip()) / 1000.0;
    List<AuditEvent> writes = agents.writesSince(start);
    String object = RdmaGidName.of(node.name(), "rxe1", 1);
    assertThat(InstalledAgents.counts(writes).get("rdmagids/" + object))
        .as("publications of " + CHANGES + " changes in " + seconds + " s")
        .isBetween(1L, 7 + (long) Math.ceil(seconds));
    assertThat(restarts()).as("the agent's memory has a limit").isEqualTo(restarts);
  }

  /**
   * Lines for one call of ip, made in the node: they are too many for a command's arguments.
   *
   * @param what verb and number of the address in line i, for awk
   */
  private static String batch(int lines, String what, String netdev) {
    return """
    awk 'function line(verb, n) { printf "addr %%s 10.32.%%d.%%d/32 dev %s\\n", verb, n / 250, n %% 250 + 1 } \
    BEGIN { for (i = 0; i < %d; i++) line(%s) }' > /run/batch\
    """
        .formatted(netdev, lines, what);
  }

  /** By the command line, in the agent's container. */
  private static List<TableEntry> shown(String device) {
    return CommandInAgent.shown(new CommandInAgent(agents.testbed(), node).json("show")).stream()
        .filter(entry -> entry.device().equals(device))
        .toList();
  }

  private static int restarts() {
    return Integer.parseInt(
        AgentInstallation.pod(
            agents.testbed().kubectl(),
            node,
            "{.items[0].status.containerStatuses[0].restartCount}"));
  }
}
