/**
 * Publishes to the API server: an RdmaGid a port, annotation, labels and Events of the Node, and
 * the record of what pods hold. Watches the pools.
 */
@NullMarked
package io.rdmagid.deviceplugin.cluster;

import org.jspecify.annotations.NullMarked;
