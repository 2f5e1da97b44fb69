/**
 * Deletes what is left of Nodes and pods that are gone, where the garbage collector does not: it
 * goes by owners, which an object can lack. What is left over is decided without effects; these go
 * through {@link io.rdmagid.operator.cleaning.CleaningApi}.
 */
@NullMarked
package io.rdmagid.operator.cleaning;

import org.jspecify.annotations.NullMarked;
