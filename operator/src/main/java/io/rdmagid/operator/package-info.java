/** The operator's process: options, and the wiring of what it is made of. */
@NullMarked
package io.rdmagid.operator;

import org.jspecify.annotations.NullMarked;
