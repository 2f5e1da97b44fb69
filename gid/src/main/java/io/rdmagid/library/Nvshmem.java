package io.rdmagid.library;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * NVSHMEM: NCCL's walk, with variables of its own, also on InfiniBand. An index is taken as it is:
 * an empty one is 0, and one outside the table stays.
 */
public record Nvshmem() implements Library {
  private static final String PREFIX = "NVSHMEM_IB_";
  private static final String INDEX = "NVSHMEM_IB_GID_INDEX";
  private static final String MAPPING = "NVSHMEM_ENABLE_NIC_PE_MAPPING";
  private static final String HCAS = "NVSHMEM_HCA_LIST";
  private static final String NAMES = "NVSHMEM_HCA_PREFIX";
  private static final String USUAL_NAMES = "mlx5";
  private static final String TRAFFIC_CLASS = "NVSHMEM_IB_TRAFFIC_CLASS";

  @Override
  public String name() {
    return "nvshmem";
  }

  @Override
  public String version() {
    return "3.5.1";
  }

  @Override
  public Pick pick(GidTable table, Map<String, String> environment) {
    String index = environment.get(INDEX);
    long told = index == null ? -1 : LeadingNumber.ofAnyBase(index);
    if (told >= 0) {
      return new Pick.Index((int) Math.min(told, Integer.MAX_VALUE), INDEX + "=" + index);
    }
    String range = environment.getOrDefault("NVSHMEM_IB_ADDR_RANGE", "::/0");
    if (range.indexOf('/') < 0) {
      return new Pick.None("NVSHMEM_IB_ADDR_RANGE without '/': it crashes");
    }
    String version = environment.getOrDefault("NVSHMEM_IB_ROCE_VERSION_NUM", "2");
    return NcclWalk.of(
            environment.getOrDefault("NVSHMEM_IB_ADDR_FAMILY", ""),
            range,
            LeadingNumber.ofAnyBase(version))
        .pick(table);
  }

  @Override
  public Set<String> variables() {
    return WalkVariables.names(PREFIX, MAPPING, HCAS, NAMES, "NVSHMEM_HCA_PE_MAPPING");
  }

  @Override
  public Optional<String> trafficClassVariable() {
    return Optional.of(TRAFFIC_CLASS);
  }

  /**
   * The list of HCAs has no effect unless the mapping of NICs is on, nor on a device whose name
   * lacks one text, by default mlx5 in some releases: one is told where all devices have it.
   */
  @Override
  public SortedMap<String, String> emit(List<ChosenPort> ports) {
    ChosenPorts chosen = new ChosenPorts(ports);
    SortedMap<String, String> variables = WalkVariables.of(PREFIX, chosen);
    variables.put(MAPPING, "1");
    variables.put(HCAS, chosen.names());
    String names = chosen.devicePrefix();
    if (!names.isEmpty() && !names.startsWith(USUAL_NAMES)) {
      variables.put(NAMES, names);
    }
    return variables;
  }
}
