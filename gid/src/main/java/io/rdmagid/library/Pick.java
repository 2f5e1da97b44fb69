package io.rdmagid.library;

/** What a library makes of a port's GID table. */
public sealed interface Pick {
  /** For people: what decided, without a full stop. */
  String why();

  /** It takes this slot, which may be empty, or no slot of the table. */
  record Index(int index, String why) implements Pick {}

  /** It takes none: it fails, leaves the port out, or needs no index. */
  record None(String why) implements Pick {}
}
