package io.rdmagid.library;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * NCCL since 2.21, and RCCL, which has its code and variables. An empty variable is none.
 *
 * <p>The variables count wherever they come from. From the file that NCCL_CONF_FILE names they come
 * since NCCL 2.23, and with newer versions of RCCL; older ones read files at fixed places only (in
 * the home folder and /etc), and need the variables in their environment.
 */
public record Nccl() implements Library {
  private static final String PREFIX = "NCCL_IB_";
  private static final String INDEX = "NCCL_IB_GID_INDEX";
  private static final String HCA = "NCCL_IB_HCA";
  private static final String TRAFFIC_CLASS = "NCCL_IB_TC";

  @Override
  public String name() {
    return "nccl";
  }

  @Override
  public String version() {
    return "2.30.7";
  }

  @Override
  public Pick pick(GidTable table, Map<String, String> environment) {
    if (table.infiniBand()) {
      // NCCL_IB_ROUTABLE_FLID_GID_INDEX, 1: the GID of a router's FLID.
      return RouterFlid.pick(WireAddress.flid(table.gidAt(1)) != 0);
    }
    String index = environment.getOrDefault(INDEX, "");
    long told = index.isEmpty() ? -1 : LeadingNumber.ofAnyBase(index);
    if (told >= table.length()) {
      return new Pick.None(INDEX + "=" + index + " is outside the table");
    }
    if (told >= 0) {
      return new Pick.Index((int) told, INDEX + "=" + index);
    }
    String version = environment.getOrDefault("NCCL_IB_ROCE_VERSION_NUM", "");
    return NcclWalk.of(
            environment.getOrDefault("NCCL_IB_ADDR_FAMILY", ""),
            environment.getOrDefault("NCCL_IB_ADDR_RANGE", ""),
            version.isEmpty() ? 2 : LeadingNumber.ofAnyBase(version))
        .pick(table);
  }

  @Override
  public Set<String> variables() {
    return WalkVariables.names(PREFIX, HCA);
  }

  @Override
  public Optional<String> trafficClassVariable() {
    return Optional.of(TRAFFIC_CLASS);
  }

  @Override
  public SortedMap<String, String> emit(List<ChosenPort> ports) {
    ChosenPorts chosen = new ChosenPorts(ports);
    SortedMap<String, String> variables = WalkVariables.of(PREFIX, chosen);
    variables.put(HCA, "=" + chosen.names()); // "=": an exact name, not a prefix
    return variables;
  }
}
