/**
 * The query service: the node's tables for anybody on the node, by gRPC. An edge. See
 * docs/query.md.
 */
@NullMarked
package io.rdmagid.deviceplugin.query;

import org.jspecify.annotations.NullMarked;
