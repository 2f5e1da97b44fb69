/** What the API server's answers mean, the same for all that ask it. */
@NullMarked
package io.rdmagid.operator.server;

import org.jspecify.annotations.NullMarked;
