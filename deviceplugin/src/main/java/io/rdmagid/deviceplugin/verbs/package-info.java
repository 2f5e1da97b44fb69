/**
 * RDMA devices by way of libibverbs and sysfs. Everything here belongs to the platform thread that
 * made it; {@link io.rdmagid.deviceplugin.verbs.Verbs} is the seam behind which a table can come
 * from elsewhere.
 */
@NullMarked
package io.rdmagid.deviceplugin.verbs;

import org.jspecify.annotations.NullMarked;
