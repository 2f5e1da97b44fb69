package io.rdmagid.gid;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The type of a GID table entry, with the number that the kernel uses for it ({@code enum
 * ib_uverbs_gid_type} in include/uapi/rdma/ib_user_ioctl_verbs.h).
 */
public enum GidType {
  /** InfiniBand. */
  IB(0, "IB", "IB"),
  /** RoCE v1: Ethernet frames, not routable. */
  ROCE_V1(1, "RoCEv1", "RoCE v1"),
  /** RoCE v2: UDP packets, routable. */
  ROCE_V2(2, "RoCEv2", "RoCE v2");

  private static final List<GidType> ALL = List.of(values());

  private final int kernelCode;
  private final String text;
  private final String kernelText;

  GidType(int kernelCode, String text, String kernelText) {
    this.kernelCode = kernelCode;
    this.text = text;
    this.kernelText = kernelText;
  }

  /** The word used in API objects: {@code IB}, {@code RoCEv1} or {@code RoCEv2}. */
  public String text() {
    return text;
  }

  /**
   * The word used by the kernel's tools and in recordings: {@code IB}, {@code RoCE v1} or {@code
   * RoCE v2}.
   */
  public String kernelText() {
    return kernelText;
  }

  /**
   * The type that the kernel writes as {@code code}; empty for a number this version does not know.
   */
  public static Optional<GidType> fromKernelCode(int code) {
    return first(type -> type.kernelCode == code);
  }

  /** The type written as {@code text} in an API object. */
  public static Optional<GidType> fromText(String text) {
    return first(type -> type.text.equals(text));
  }

  /** The type written as {@code text} in a recording. */
  public static Optional<GidType> fromKernelText(String text) {
    return first(type -> type.kernelText.equals(text));
  }

  /**
   * The type of an Ethernet port's entry as sysfs and configfs write it: {@code IB/RoCE v1} or
   * {@code RoCE v2} (drivers/infiniband/core/cache.c, gid_type_str).
   */
  public static Optional<GidType> fromSysfsText(String text) {
    return switch (text) {
      case "IB/RoCE v1" -> Optional.of(ROCE_V1);
      case "RoCE v2" -> Optional.of(ROCE_V2);
      default -> Optional.empty();
    };
  }

  /** A loop, since it is asked for each entry of each table. */
  private static Optional<GidType> first(Predicate<GidType> matches) {
    for (GidType type : ALL) {
      if (matches.test(type)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
