/**
 * Tables from files: a node's RDMA devices written down, read in place of the kernel. See
 * docs/recording.md.
 */
@NullMarked
package io.rdmagid.deviceplugin.recording;

import org.jspecify.annotations.NullMarked;
