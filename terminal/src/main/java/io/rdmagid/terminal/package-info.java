/** What the command lines of rdmagid have in common: how they are called, print and end. */
@NullMarked
package io.rdmagid.terminal;

import org.jspecify.annotations.NullMarked;
