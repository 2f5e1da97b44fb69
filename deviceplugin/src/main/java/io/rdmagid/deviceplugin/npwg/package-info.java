/**
 * The edge to Multus: tells, by files of the Network Plumbing Working Group's Device Information
 * Specification, which RDMA device stands behind a device id that the kubelet hands out. Multus
 * copies a file's content into the pod's annotation {@code k8s.v1.cni.cncf.io/network-status}.
 */
@NullMarked
package io.rdmagid.deviceplugin.npwg;

import org.jspecify.annotations.NullMarked;
