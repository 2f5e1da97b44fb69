/**
 * The edge of a container runtime without NRI: what the kubelet asks before each start of a
 * container ({@code PreStartContainer}) names devices only, so the pod is looked for among the
 * sandboxes that the runtime lists by the Container Runtime Interface (CRI), with what the kubelet
 * says of each by {@code PodResources.Get}. {@link io.rdmagid.deviceplugin.cri.CriEdge} also
 * decides whether this is the agent's hook, or NRI.
 *
 * <p>{@code PodResources.List} is never called: it makes the kubelet count its devices anew, and
 * one that is being allocated meanwhile can be handed out twice.
 */
@NullMarked
package io.rdmagid.deviceplugin.cri;

import org.jspecify.annotations.NullMarked;
