package io.rdmagid.library;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * MSCCL++ ({@code src/core/ib.cc}). It takes one number for all ports, and 0 where nobody says; the
 * i-th device of the list is the i-th GPU's.
 */
public record Mscclpp() implements ToldLibrary {
  private static final String DEVICES = "MSCCLPP_HCA_DEVICES";
  private static final OneNumber INDEX = new OneNumber("MSCCLPP_IB_GID_INDEX", 255);

  @Override
  public String name() {
    return "mscclpp";
  }

  @Override
  public Set<String> variables() {
    return Set.of(INDEX.variable(), DEVICES);
  }

  @Override
  public SortedMap<String, String> emit(List<ChosenPort> ports) {
    ChosenPorts chosen = new ChosenPorts(ports);
    SortedMap<String, String> variables = INDEX.emit(chosen);
    variables.put(DEVICES, chosen.deviceNames());
    return variables;
  }

  @Override
  public Optional<Pick> takes(GidTable table, Map<String, String> told) {
    return INDEX.pick(told).or(() -> Optional.of(new Pick.Index(0, "where nobody says")));
  }
}
