/**
 * The life of an allocation: what the kubelet gave to a container, from its admission to the end of
 * its sandbox. The edges (kubelet, container runtime, files, network namespaces, API server) meet
 * here and only here: they call {@link io.rdmagid.deviceplugin.workload.Allocator} and {@link
 * io.rdmagid.deviceplugin.workload.RuntimeListener}, and implement the other interfaces.
 */
@NullMarked
package io.rdmagid.deviceplugin.workload;

import org.jspecify.annotations.NullMarked;
