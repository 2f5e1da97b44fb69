package io.rdmagid.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.e2e.agent.AgentEndpoint;
import io.rdmagid.e2e.agent.AgentInstallation;
import io.rdmagid.e2e.agent.PublishedTables;
import io.rdmagid.e2e.testbed.Kubectl;
import io.rdmagid.e2e.testbed.Output;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Agents that only show tables, and have no privilege to do more. */
@Tag("long")
@ChartValues("tier=observe")
class ObserveTest extends OnInstalledAgents {
  private static final String NO_CAPABILITY = "0000000000000000";

  /** As the kernel has it: capabilities(7), seccomp(2) in filter mode, a user of no name. */
  @Test
  void theProcessHasNoPrivilege() {
    assertThat(node.sh("cat /proc/" + InstalledAgents.PROCESS + "/status").lines())
        .map(line -> line.replaceAll("\\s+", " "))
        .contains("CapEff: " + NO_CAPABILITY)
        .contains("CapPrm: " + NO_CAPABILITY)
        .contains("CapBnd: " + NO_CAPABILITY)
        .contains("NoNewPrivs: 1")
        .contains("Seccomp: 2")
        .contains("Uid: 65532 65532 65532 65532");
  }

  @Test
  void noDeviceIsOpenAndNoFolderOfTheHostIsThere() {
    assertThat(node.sh("readlink /proc/" + InstalledAgents.PROCESS + "/fd/*; true").lines())
        .noneMatch(path -> path.startsWith("/dev/infiniband"))
        .isNotEmpty();
    assertThat(node.sh("cat /sys/module/rdma_rxe/refcnt").strip()).isEqualTo("0");
    assertThat(AgentInstallation.pod(kubectl(), node, "{.items[0].spec.volumes[*].hostPath.path}"))
        .isEmpty();
  }

  /**
   * By the API server's own check of Pod Security: what a pod of the host's network cannot keep.
   */
  @Test
  void onlyTheHostsNetworkIsMoreThanPodSecurityRestricted() {
    Output checked =
        kubectl()
            .run(
                "label",
                "--dry-run=server",
                "--overwrite",
                "namespace",
                AgentInstallation.NAMESPACE,
                "pod-security.kubernetes.io/enforce=restricted");
    assertThat(checked.ok()).as(checked.err()).isTrue();
    assertThat(checked.err().lines())
        .filteredOn(line -> line.contains("rdmagid-agent-"))
        .singleElement()
        .asString()
        .endsWith(": host namespaces, hostPort");
  }

  @Test
  void anAddressThatMovesIsPublished() {
    assertPublished();
    given("ip addr add 10.35.0.1/24 dev rail0", "ip addr del 10.35.0.1/24 dev rail1");
    awaitEntry("rxe0", "10.35.0.1", "rail0");
    assertPublished();

    node.moveAddress("10.35.0.1/24", "rail0", "rail1");
    awaitEntry("rxe1", "10.35.0.1", "rail1");
    awaitNoEntry("rxe0", "10.35.0.1");
    assertPublished();
  }

  @Test
  void whoAsksIsToldThatSysfsWasRead() {
    assertThat(new AgentEndpoint(node).tableReads("sysfs"))
        .isPositive()
        .isEqualTo(new AgentEndpoint(node).tableReads());
    Output shown = new CommandInAgent(agents.testbed(), node).run("show", "-o", "wide");
    assertThat(shown.ok()).as(shown.err()).isTrue();
    List<String> rows = shown.out().lines().filter(line -> line.contains("rxe")).toList();
    assertThat(rows).isNotEmpty().allMatch(row -> List.of(row.split("\\s+")).contains("sysfs"));
  }

  /** Nobody holds the driver, and no device node tells that it is gone or back. */
  @Test
  void aDeviceThatGoesAndComesIsSeen() {
    given(
        "rdma link delete rxe2",
        "rdma link show rxe2/1 >&2 || rdma link add rxe2 type rxe netdev dummy0");
    InstalledAgents.await(() -> assertThat(devices()).doesNotContain("rxe2"));

    given("rdma link add rxe2 type rxe netdev dummy0", "true");
    awaitEntry("rxe2", "10.10.2." + node.number(), "dummy0");
    assertPublished();
  }

  private static List<String> devices() {
    return PublishedTables.objects(client, node.name()).stream()
        .map(object -> object.getSpec().device())
        .toList();
  }

  private static Kubectl kubectl() {
    return agents.testbed().kubectl();
  }
}
