package io.rdmagid.library;

import java.util.Map;

/** NCCL since 2.21, and RCCL, which has its code and variables. An empty variable is none. */
public record Nccl() implements Library {
  @Override
  public String name() {
    return "nccl";
  }

  @Override
  public Pick pick(GidTable table, Map<String, String> environment) {
    if (table.infiniBand()) {
      // NCCL_IB_ROUTABLE_FLID_GID_INDEX, 1: the GID of a router's FLID.
      return new Pick.Index(WireAddress.flid(table.gidAt(1)) != 0 ? 1 : 0);
    }
    String index = environment.getOrDefault("NCCL_IB_GID_INDEX", "");
    long told = index.isEmpty() ? -1 : LeadingNumber.ofAnyBase(index);
    if (told >= table.length()) {
      return new Pick.None("index " + told + " is outside the table, and ibv_query_gid fails");
    }
    if (told >= 0) {
      return new Pick.Index((int) told);
    }
    String version = environment.getOrDefault("NCCL_IB_ROCE_VERSION_NUM", "");
    return new Pick.Index(
        NcclWalk.of(
                environment.getOrDefault("NCCL_IB_ADDR_FAMILY", ""),
                environment.getOrDefault("NCCL_IB_ADDR_RANGE", ""),
                version.isEmpty() ? 2 : LeadingNumber.ofAnyBase(version))
            .over(table));
  }
}
