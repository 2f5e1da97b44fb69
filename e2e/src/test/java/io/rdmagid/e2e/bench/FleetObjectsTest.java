package io.rdmagid.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.api.v1alpha1.AssignmentMapping;
import io.rdmagid.api.v1alpha1.Parsed;
import io.rdmagid.api.v1alpha1.ParsedAssignment;
import io.rdmagid.api.v1alpha1.RdmaGidParser;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FleetObjectsTest {
  @ParameterizedTest
  @ValueSource(ints = {FleetObjects.INDEX, FleetObjects.MOVED})
  void theEntryThatMovesIsWhereTheRecordHasIt(int index) {
    Parsed.Valid gid =
        (Parsed.Valid) RdmaGidParser.parse(FleetObjects.gid(4999, 7, "uid-node", index));
    ParsedAssignment.Valid record =
        (ParsedAssignment.Valid)
            AssignmentMapping.parse(FleetObjects.assignment(4999, 3, "uid-pod", 2, index));

    assertThat(gid.gids()).hasSize(8).extracting(GidEntry::index).doesNotHaveDuplicates();
    assertThat(record.assignment().ports())
        .hasSize(2)
        .last()
        .satisfies(port -> {
          assertThat(port.device()).isEqualTo(gid.device());
          GidEntry entry =
              gid.gids().stream()
                  .filter(one -> one.index() == port.choice().orElseThrow().index())
                  .findFirst()
                  .orElseThrow();
          assertThat(entry.gid()).isEqualTo(port.choice().orElseThrow().gid());
          assertThat(entry.type()).isEqualTo(GidType.ROCE_V2);
        });
  }

  @Test
  void eachPortIsHeldByOnePodOfItsNode() {
    assertThat(FleetObjects.portsOf(FleetObjects.PODS_A_NODE - 1))
        .last()
        .isEqualTo(FleetObjects.PORTS - 1);
    assertThat(FleetObjects.portsOf(0)).doesNotContainAnyElementsOf(FleetObjects.portsOf(1));
  }
}
