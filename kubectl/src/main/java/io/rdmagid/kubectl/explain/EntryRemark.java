package io.rdmagid.kubectl.explain;

import io.rdmagid.gid.GidEntry;

/**
 * An entry of a port's table, and what speaks for it or against it.
 *
 * @param given whether the container was given it
 */
public record EntryRemark(GidEntry entry, boolean given, String remark) {}
