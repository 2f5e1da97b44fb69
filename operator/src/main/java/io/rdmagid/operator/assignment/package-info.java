/**
 * What a pod shows of its RdmaGidAssignment: annotation, condition and Events. The decisions are
 * pure; the effects go through {@link io.rdmagid.operator.assignment.PodApi}.
 */
@NullMarked
package io.rdmagid.operator.assignment;

import org.jspecify.annotations.NullMarked;
