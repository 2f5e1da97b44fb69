package io.rdmagid.e2e.agent;

import io.rdmagid.e2e.testbed.ManagementEndpoint;
import io.rdmagid.e2e.testbed.Node;

/** The probes and metrics of the agent on a node. */
public record AgentEndpoint(Node node) {
  /** Whether the agent is there and says that it is ready. */
  public boolean isReady() {
    return management().isReady();
  }

  /** How many GID tables the agent has read since it started, all devices together. */
  public double tableReads() {
    return sum("rdmagid_table_reads_total{");
  }

  /** How many of them by this method, such as {@code sysfs}. */
  public double tableReads(String method) {
    return management()
        .get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("rdmagid_table_reads_total{"))
        .filter(line -> line.contains("method=\"" + method + "\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  /** Whether the kubelet has a pool of the agent's, as the agent sees it. */
  public boolean hasRegistered(String pool) {
    return sum("rdmagid_kubelet_registered{pool=\"" + pool + "\"}") == 1;
  }

  /** How the agent hears of containers now: {@code nri} or {@code pre-start}. */
  public boolean hearsBy(String hook) {
    return sum("rdmagid_container_hook{hook=\"" + hook + "\"}") == 1;
  }

  /** Of all metrics whose line in the exposition starts so. */
  private double sum(String start) {
    return management()
        .get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(start))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  private ManagementEndpoint management() {
    return new ManagementEndpoint(node.address() + ":" + AgentInstallation.MANAGEMENT_PORT);
  }
}
