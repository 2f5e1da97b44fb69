/**
 * Publishes the inventory to the API server: an RdmaGid a port, and annotation and labels of the
 * Node.
 */
@NullMarked
package io.rdmagid.deviceplugin.cluster;

import org.jspecify.annotations.NullMarked;
