/** What is wrong in a snapshot. Pure. */
@NullMarked
package io.rdmagid.kubectl.check;

import org.jspecify.annotations.NullMarked;
