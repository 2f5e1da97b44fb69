package io.rdmagid.api.v1alpha1;

/**
 * How long strings on status may be, and what a word looks like. Wider than today's values need: an
 * older CRD must admit what a newer agent writes.
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

  private Bounds() {}
}
