/**
 * What is to be done about pods whose GIDs are not what they were started with any more: decisions
 * only, made from what is known and what is written down, the same for the same. The effects are in
 * {@code io.rdmagid.operator.eviction}.
 */
@NullMarked
package io.rdmagid.operator.failover;

import org.jspecify.annotations.NullMarked;
