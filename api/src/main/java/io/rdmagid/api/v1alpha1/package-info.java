/**
 * The custom resources of {@code rdmagid.io/v1alpha1} as records that read whatever the API server
 * holds: no constructor throws, unknown fields are ignored, a value of the wrong type counts as
 * absent. (Metadata, and that spec and status are objects, the server itself guarantees.) {@link
 * io.rdmagid.api.v1alpha1.RdmaGidParser} turns them into the types that decisions are made on.
 */
@NullMarked
package io.rdmagid.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
