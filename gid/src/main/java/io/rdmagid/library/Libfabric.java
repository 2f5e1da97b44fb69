package io.rdmagid.library;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * The verbs provider of libfabric ({@code prov/verbs/src/verbs_init.c}). It takes one number for
 * all ports, and one device name, which is also taken as the beginning of others. Connected
 * endpoints go by rdma_cm, which chooses by address, so nobody knows what an untold one takes.
 */
public record Libfabric() implements ToldLibrary {
  private static final String DEVICE = "FI_VERBS_DEVICE_NAME";
  private static final OneNumber INDEX = new OneNumber("FI_VERBS_GID_IDX", 255);

  @Override
  public String name() {
    return "libfabric";
  }

  @Override
  public Set<String> variables() {
    return Set.of(INDEX.variable(), DEVICE);
  }

  @Override
  public SortedMap<String, String> emit(List<ChosenPort> ports) {
    ChosenPorts chosen = new ChosenPorts(ports);
    SortedMap<String, String> variables = INDEX.emit(chosen);
    if (chosen.devices().size() == 1) {
      variables.put(DEVICE, chosen.devices().getFirst());
    }
    return variables;
  }

  @Override
  public Optional<Pick> takes(GidTable table, Map<String, String> told) {
    return INDEX.pick(told);
  }
}
