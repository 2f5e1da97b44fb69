package io.rdmagid.api.v1alpha1;

/**
 * How long strings and lists may be, and what a word looks like. On status wider than today's
 * values need: an older CRD must admit what a newer agent writes.
 */
final class Bounds {
  /** A word of an open enumeration. */
  static final String WORD = "^[A-Za-z0-9 ._-]*$";

  /** Characters of a word of an open enumeration. */
  static final long WORD_LENGTH = 63;

  /** Characters of a name that the kernel, a driver or a vendor gives. */
  static final long NAME = 63;

  /** Characters of the longest IPv6 text. */
  static final long ADDRESS = 45;

  /** Characters of a digest with the name of its algorithm. */
  static final long DIGEST = 135;

  /** Entries of a GID table that one object shows. */
  static final long GIDS = 256;

  /** Elements of the other lists. */
  static final long LIST = 64;

  /** Characters of the longest IPv6 text with a prefix length. */
  static final long SUBNET = 49;

  /** A subnet in CIDR notation, roughly: {@link #SUBNETS_RULE} is exact. */
  static final String SUBNET_PATTERN = "^[0-9A-Fa-f:.]+/[0-9]{1,3}$";

  /**
   * Of an object with a list of that name; takes what {@link PoolParser} does, and nothing else.
   */
  static final String SUBNETS_RULE =
      "!has(self.subnets) || self.subnets.all(s, isCIDR(s) && cidr(s).masked() == cidr(s))";

  static final String SUBNETS_MESSAGE =
      "subnets has one that is no subnet, or has bits set behind its prefix (10.0.0.0/16 or fd00::/64 is right)";

  /** A pattern over hexadecimal digits. */
  static final String HEX_GLOB = "^[0-9a-f*?]+$";

  /** A pattern over PCI addresses. */
  static final String PCI_GLOB = "^[0-9a-f:.*?]+$";

  /**
   * A pattern over names of network devices, which have neither white space nor / nor :
   * (net/core/dev.c, dev_valid_name). A # would be legal; here it is a range in the notation of
   * another plugin.
   */
  static final String NETDEV_GLOB = "^[^\\s/:#]+$";

  /** Selectors of a pool. */
  static final long SELECTORS = 32;

  /** Ports that one pod holds, one for each container that holds it. */
  static final long ASSIGNED_PORTS = 256;

  /** Characters of the name of an environment variable. */
  static final long VARIABLE = 253;

  /** Variables that were frozen for one port. */
  static final long VARIABLES = 256;

  /** Seconds that a pod with a GID that is not right any more can be given: a day. */
  static final int GRACE_SECONDS = 86_400;

  /** Groups of pods that a pool evicts, or is about to, at a time. */
  static final long EVICTED_GROUPS = 64;

  /** Pods of one of these. */
  static final long EVICTED_PODS = 1024;

  /** Characters of what tells one group of pods from another. */
  static final long GROUP_UID = 320;

  private Bounds() {}
}
