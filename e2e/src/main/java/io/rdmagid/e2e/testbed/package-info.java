/**
 * The testbed: a real control plane and two real nodes with software RoCE, driven from Java.
 * Everything here runs inside the testbed's network namespace (see {@code bin/in-namespace}), so
 * that it is all local.
 */
@NullMarked
package io.rdmagid.e2e.testbed;

import org.jspecify.annotations.NullMarked;
