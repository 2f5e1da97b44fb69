/**
 * GIDs, the entries of a port's GID table, and the choice of one of them. Pure: no I/O, no threads,
 * nothing but {@code java.*}; everything else in rdmagid depends on it.
 */
@NullMarked
package io.rdmagid.gid;

import org.jspecify.annotations.NullMarked;
