/**
 * The kubectl plugin {@code kubectl rdmagid}: a class a command. It reads the cluster and writes
 * nothing.
 */
@NullMarked
package io.rdmagid.kubectl;

import org.jspecify.annotations.NullMarked;
