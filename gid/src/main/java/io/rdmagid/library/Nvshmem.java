package io.rdmagid.library;

import java.util.Map;

/**
 * NVSHMEM: NCCL's walk, with variables of its own, also on InfiniBand. An index is taken as it is:
 * an empty one is 0, and one outside the table stays.
 */
public record Nvshmem() implements Library {
  @Override
  public String name() {
    return "nvshmem";
  }

  @Override
  public Pick pick(GidTable table, Map<String, String> environment) {
    String index = environment.get("NVSHMEM_IB_GID_INDEX");
    long told = index == null ? -1 : LeadingNumber.ofAnyBase(index);
    if (told >= 0) {
      return new Pick.Index((int) Math.min(told, Integer.MAX_VALUE));
    }
    String range = environment.getOrDefault("NVSHMEM_IB_ADDR_RANGE", "::/0");
    if (range.indexOf('/') < 0) {
      return new Pick.None("NVSHMEM_IB_ADDR_RANGE without '/': the process ends by signal 11");
    }
    String version = environment.getOrDefault("NVSHMEM_IB_ROCE_VERSION_NUM", "2");
    return new Pick.Index(
        NcclWalk.of(
                environment.getOrDefault("NVSHMEM_IB_ADDR_FAMILY", ""),
                range,
                LeadingNumber.ofAnyBase(version))
            .over(table));
  }
}
