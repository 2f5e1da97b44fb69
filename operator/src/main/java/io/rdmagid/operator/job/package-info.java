/**
 * Which pods are one job, for all who have to know: by a label, else by who made them, read once
 * each.
 */
@NullMarked
package io.rdmagid.operator.job;

import org.jspecify.annotations.NullMarked;
