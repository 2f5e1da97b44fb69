/**
 * What a pod holds, as one record behind every form of it: file, custom resource, annotation and
 * command line.
 */
@NullMarked
package io.rdmagid.assignment;

import org.jspecify.annotations.NullMarked;
