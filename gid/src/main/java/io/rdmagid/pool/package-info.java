/**
 * Pools: which ports a pool takes, which pool wins a port, the rule its pods choose by, and the ids
 * that the kubelet hands out. Pure, and the same for the agent, which computes it for its node, and
 * the operator, which computes it for all.
 */
@NullMarked
package io.rdmagid.pool;

import org.jspecify.annotations.NullMarked;
