/**
 * Says on every RdmaGid whether its node's agent is alive, so that what it shows can be believed.
 */
@NullMarked
package io.rdmagid.operator.staleness;

import org.jspecify.annotations.NullMarked;
