package io.rdmagid.deviceplugin;

import io.rdmagid.gid.GidEntry;

/**
 * A shape of a GID row other than the domain's: a test double of nothing, but the way there by the
 * one mapping that the project has, and the way back by whoever reads it. {@link GidRowShapesTest}
 * knows them all.
 */
public interface GidRowShape {
  /** The shape's name for people. */
  String name();

  /** The row as this shape tells it and a reader understands it. */
  GidEntry through(GidEntry entry);

  /**
   * What of a row the shape carries: the row itself, or with what it leaves out as its reader has
   * it.
   */
  default GidEntry carried(GidEntry entry) {
    return entry;
  }
}
