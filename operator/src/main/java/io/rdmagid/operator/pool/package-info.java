/**
 * The status of every RdmaGidPool: the effective rule, counts and conditions, made from all pools,
 * all RdmaGids and the labels of all Nodes.
 */
@NullMarked
package io.rdmagid.operator.pool;

import org.jspecify.annotations.NullMarked;
