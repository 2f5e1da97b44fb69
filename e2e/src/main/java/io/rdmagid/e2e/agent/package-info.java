/**
 * The agent in the testbed: its installation by Helm, and what the kernel of a node says, to
 * compare with.
 */
@NullMarked
package io.rdmagid.e2e.agent;

import org.jspecify.annotations.NullMarked;
