/**
 * What is said to those who create pods that ask for ports: a webhook that the API server calls,
 * and goes on without. It adds nothing that a pod needs to run right.
 */
@NullMarked
package io.rdmagid.operator.admission;

import org.jspecify.annotations.NullMarked;
