/**
 * The CDI edge: tells the container runtime, by the Container Device Interface, which device nodes
 * belong to an RDMA device. The runtime looks it up when it makes a container, not when the kubelet
 * admits the pod.
 */
@NullMarked
package io.rdmagid.deviceplugin.cdi;

import org.jspecify.annotations.NullMarked;
