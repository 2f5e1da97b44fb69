/**
 * The container runtime's edge: a plugin of the Node Resource Interface (NRI, containerd 2 and
 * CRI-O), which hears of every sandbox and may add to every container of the node before it is
 * made. {@link io.rdmagid.deviceplugin.nri.NriPlugin} keeps the connection; what is said goes to a
 * {@link io.rdmagid.deviceplugin.workload.RuntimeListener}.
 *
 * <p>One Unix stream carries frames (u32 connection, u32 length, big endian) of two connections: by
 * 1 the runtime calls the plugin, by 2 the plugin calls the runtime. Each carries ttrpc messages,
 * which may span frames. Source: github.com/containerd/nri v0.11.0, pkg/net/multiplex and pkg/api;
 * github.com/containerd/ttrpc v1.2.7.
 *
 * <p>NRI is fail-open: a plugin that answers too late, or with what the runtime cannot read, is
 * disconnected, and the container is made without it.
 */
@NullMarked
package io.rdmagid.deviceplugin.nri;

import org.jspecify.annotations.NullMarked;
