package io.rdmagid.operator.admission;

import java.util.List;
import java.util.OptionalInt;

/** Variables of a container of which one makes the other void, or a library fail. */
final class ExcludingVariables {
  private static final String UCX_INDEX = "UCX_IB_GID_INDEX";
  private static final String UCX_SUBNETS = "UCX_IB_ROCE_SUBNETS";

  /** NCCL and NVSHMEM take an index as it is, and then ask for nothing else. */
  private static final List<String> WALKERS = List.of("NCCL_IB_", "NVSHMEM_IB_");

  private static final List<String> VOID = List.of("ADDR_FAMILY", "ADDR_RANGE", "ROCE_VERSION_NUM");

  private ExcludingVariables() {}

  /** Adds a line for each pair. */
  static void add(AskingContainer container, Warnings warnings) {
    OptionalInt ucx = container.index(UCX_INDEX);
    if (ucx.isPresent() && container.variables().containsKey(UCX_SUBNETS)) {
      warnings.add(
          "container %s: %s=%d and %s exclude each other: UCX refuses RoCE ports"
              .formatted(container.name(), UCX_INDEX, ucx.getAsInt(), UCX_SUBNETS));
    }
    for (String prefix : WALKERS) {
      OptionalInt index = container.index(prefix + "GID_INDEX");
      List<String> idle = VOID.stream().map(name -> prefix + name).filter(container::sets).toList();
      if (index.isPresent() && !idle.isEmpty()) {
        warnings.add(
            "container %s: %sGID_INDEX=%d leaves %s without effect on RoCE ports"
                .formatted(container.name(), prefix, index.getAsInt(), String.join(" and ", idle)));
      }
    }
  }
}
