/**
 * What every process of rdmagid shows of itself over HTTP: whether it lives, whether it is ready,
 * and its metrics.
 */
@NullMarked
package io.rdmagid.management;

import org.jspecify.annotations.NullMarked;
