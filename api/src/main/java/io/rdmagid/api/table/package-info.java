/** A port's GID table as the cluster shows it. Pure. */
@NullMarked
package io.rdmagid.api.table;

import org.jspecify.annotations.NullMarked;
