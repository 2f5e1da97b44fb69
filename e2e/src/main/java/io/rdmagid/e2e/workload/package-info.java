/** Pools, and pods that use RDMA through them, for the demo and the tests. */
@NullMarked
package io.rdmagid.e2e.workload;

import org.jspecify.annotations.NullMarked;
