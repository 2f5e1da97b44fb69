/**
 * Whether the pods of one job fit together. Who belongs to a job is found once a pod; what they
 * hold is watched by their RdmaGidAssignments. The decision is {@link
 * io.rdmagid.operator.group.Verdict}, pure; {@link io.rdmagid.operator.group.Groups} keeps it until
 * it has stood.
 */
@NullMarked
package io.rdmagid.operator.group;

import org.jspecify.annotations.NullMarked;
