/** Why a pod has the index that it has, as far as the cluster knows. Pure. */
@NullMarked
package io.rdmagid.kubectl.explain;

import org.jspecify.annotations.NullMarked;
