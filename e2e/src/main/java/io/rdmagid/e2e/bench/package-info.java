/**
 * {@code make bench}: what reading a GID table and showing it costs, as a page of the documentation
 * and as an exit status.
 */
@NullMarked
package io.rdmagid.e2e.bench;

import org.jspecify.annotations.NullMarked;
