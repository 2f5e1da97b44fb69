/**
 * What the operator keeps in memory of the cluster's objects, once for all controllers: what is
 * decided on, and nothing else.
 */
@NullMarked
package io.rdmagid.operator.fact;

import org.jspecify.annotations.NullMarked;
