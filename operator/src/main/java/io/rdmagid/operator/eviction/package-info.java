/**
 * Does what {@link io.rdmagid.operator.failover.Failover} decides: writes down what it is about to
 * do, evicts pods by their uid, and writes down what it did.
 */
@NullMarked
package io.rdmagid.operator.eviction;

import org.jspecify.annotations.NullMarked;
