/**
 * What a node's RDMA devices, ports and GID tables are at one moment, and the difference of two
 * moments. Pure.
 */
@NullMarked
package io.rdmagid.deviceplugin.inventory;

import org.jspecify.annotations.NullMarked;
