package io.rdmagid.library;

/** What a library makes of a port's GID table. */
public sealed interface Pick {
  /** It takes this slot, which may be empty, or no slot of the table. */
  record Index(int index) implements Pick {}

  /**
   * It takes none: it fails, leaves the port out, or needs no index.
   *
   * @param reason for people, without a full stop
   */
  record None(String reason) implements Pick {}
}
