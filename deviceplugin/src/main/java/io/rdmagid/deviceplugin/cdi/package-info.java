/** Tells the container runtime which device nodes belong to an RDMA device. */
@NullMarked
package io.rdmagid.deviceplugin.cdi;

import org.jspecify.annotations.NullMarked;
