/** What controllers keep of the objects that informers see, and what several of them decide on. */
@NullMarked
package io.rdmagid.operator.facts;

import org.jspecify.annotations.NullMarked;
