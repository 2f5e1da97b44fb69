package io.rdmagid.kubectl.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.api.v1alpha1.RdmaGidStatus;
import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.assignment.Assignment;
import io.rdmagid.assignment.AssignmentState;
import io.rdmagid.assignment.ContainerVariables;
import io.rdmagid.assignment.GidChoice;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidScope;
import io.rdmagid.gid.GidType;
import io.rdmagid.kubectl.snapshot.ClusterPort;
import io.rdmagid.kubectl.snapshot.Clusters;
import io.rdmagid.kubectl.snapshot.KnownPool;
import io.rdmagid.kubectl.snapshot.PodAssignment;
import io.rdmagid.kubectl.snapshot.PodName;
import io.rdmagid.kubectl.snapshot.Snapshot;
import io.rdmagid.pool.PortRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** 5,000 nodes of eight ports, each held by two containers of eight pods. */
class LargeFleetTest {
  private static final int NODES = 5_000;
  private static final int PORTS = 8;
  private static final int PODS = 8;

  /** With one entry a port, the same everywhere: no port says that it is of a pool. */
  private static final GidEntry ENTRY =
      new GidEntry(3, Gid.parse("::ffff:10.1.0.1"), GidType.ROCE_V2, 3, "ens1");

  private static final RdmaGidStatus STATUS =
      RdmaGidStatus.builder().state("ACTIVE").linkLayer("Ethernet").mtu(4096).build();

  private static Snapshot fleet() {
    List<ClusterPort> ports = new ArrayList<>();
    List<PodAssignment> assignments = new ArrayList<>();
    SortedMap<PodName, String> groups = new TreeMap<>();
    Set<String> nodes = new TreeSet<>();
    List<AssignedPort> held = held();
    for (int n = 0; n < NODES; n++) {
      String node = "node-" + n;
      nodes.add(node);
      for (int device = 0; device < PORTS; device++) {
        ports.add(
            new ClusterPort(
                new PortRef(node, "mlx5_" + device, 1),
                List.of(ENTRY),
                Set.of(),
                Optional.of(ENTRY),
                STATUS));
      }
      for (int pod = 0; pod < PODS; pod++) {
        String name = "worker-" + n + "-" + pod;
        assignments.add(
            new PodAssignment(new Assignment("train", name, name, node, held), List.of()));
        groups.put(new PodName("train", name), "job-" + n);
      }
    }
    // Of these each pod's rule is applied anew.
    List<KnownPool> pools = Clusters.snapshot(Clusters.healthy()).pools();
    return new Snapshot(ports, pools, assignments, groups, nodes, List.of());
  }

  private static List<AssignedPort> held() {
    List<AssignedPort> held = new ArrayList<>();
    for (String container : List.of("main", "side")) {
      for (int device = 0; device < PORTS; device++) {
        held.add(
            new AssignedPort(
                container,
                "rail",
                "mlx5_" + device,
                1,
                AssignmentState.CURRENT,
                Optional.of(GidChoice.of(ENTRY)),
                GidScope.HOST,
                1,
                1,
                1,
                ContainerVariables.NONE,
                List.of()));
      }
    }
    return List.copyOf(held);
  }

  /** A walk through the ports for each that a pod holds would take many minutes. */
  @Test
  void aPortIsFoundWithoutALookAtTheOthers() {
    Snapshot fleet = fleet();

    assertThat(fleet.ports()).hasSize(40_000);
    assertThat(fleet.assignments()).hasSize(40_000);
    assertThat(Assertions.assertTimeoutPreemptively(Duration.ofMinutes(1), () -> Checks.of(fleet)))
        .isEmpty();
  }
}
