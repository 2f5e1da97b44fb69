package io.rdmagid.pool;

/**
 * Virtual functions by their physical function. The ports of the physical function itself are never
 * meant, with or without bounds: it has no index. (So it is with {@code pfNames} of the SR-IOV
 * network device plugin, whose {@code ens1f0#0-3} is {@code ens1f0}, 0 and 3 here: GetPfName of its
 * pkg/utils/utils.go gives no name for a physical function.)
 *
 * @param physicalFunction the name of the physical function's netdev in the host's network
 *     namespace
 * @param first the least index, from 0
 * @param last the greatest index, at most {@link #LAST_INDEX}
 */
public record VirtualFunctions(Glob physicalFunction, int first, int last) {
  /** No index is greater: a physical function counts its virtual functions by 16 bits. */
  public static final int LAST_INDEX = 65_535;

  public VirtualFunctions {
    if (first < 0 || last < first || last > LAST_INDEX) {
      throw new IllegalArgumentException(
          "not 0 <= first <= last <= " + LAST_INDEX + ": " + first + ", " + last);
    }
  }

  /** Whether the port is of one of them; no where its function or index is not known. */
  boolean include(PortFacts port) {
    return !port.pfName().isEmpty()
        && physicalFunction.matches(port.pfName())
        && first <= port.vfIndex()
        && port.vfIndex() <= last;
  }
}
