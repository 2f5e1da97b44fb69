/** What the cluster had when it was asked, as types that hold only what makes sense. Pure. */
@NullMarked
package io.rdmagid.kubectl.snapshot;

import org.jspecify.annotations.NullMarked;
