/** {@code make demo}: the tour of rdmagid on the testbed. */
@NullMarked
package io.rdmagid.e2e.demo;

import org.jspecify.annotations.NullMarked;
