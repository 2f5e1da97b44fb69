/**
 * How communication libraries choose a GID index by themselves: a class a library, each simulated
 * exactly, faults included. What it says was compared with the index that each library's own code
 * chose for the same tables. {@link io.rdmagid.library.Settings} is what they are told. Pure.
 *
 * <p>Sources: NCCL 2.30.7 ({@code src/transport/net_ib/connect.cc}), UCX 1.23 ({@code
 * src/uct/ib/base/ib_device.c}), perftest 26.04.17 ({@code src/perftest_communication.c}), NVSHMEM
 * 3.5.1 ({@code transport_ib_common.h}), Mooncake 3b5a594 ({@code rdma_gid_probe.h} and others).
 */
@NullMarked
package io.rdmagid.library;

import org.jspecify.annotations.NullMarked;
