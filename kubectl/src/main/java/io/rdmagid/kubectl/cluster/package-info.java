/** The only user of the client: reads the API server in pages, and says why it cannot. */
@NullMarked
package io.rdmagid.kubectl.cluster;

import org.jspecify.annotations.NullMarked;
