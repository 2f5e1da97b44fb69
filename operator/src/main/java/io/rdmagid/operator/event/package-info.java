/** Events that the operator writes of objects, each once. */
@NullMarked
package io.rdmagid.operator.event;

import org.jspecify.annotations.NullMarked;
