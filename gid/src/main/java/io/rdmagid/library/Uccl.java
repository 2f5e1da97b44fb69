package io.rdmagid.library;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * UCCL. It takes one number for all ports; what it takes where nobody says differs by its parts.
 */
public record Uccl() implements ToldLibrary {
  private static final String TRAFFIC_CLASS = "UCCL_IB_TC";
  private static final OneNumber INDEX = new OneNumber("UCCL_IB_GID_INDEX", Integer.MAX_VALUE);

  @Override
  public String name() {
    return "uccl";
  }

  @Override
  public Set<String> variables() {
    return Set.of(INDEX.variable());
  }

  @Override
  public SortedMap<String, String> emit(List<ChosenPort> ports) {
    return INDEX.emit(new ChosenPorts(ports));
  }

  @Override
  public Optional<String> trafficClassVariable() {
    return Optional.of(TRAFFIC_CLASS);
  }

  @Override
  public Optional<Pick> takes(GidTable table, Map<String, String> told) {
    return INDEX.pick(told);
  }
}
