package io.rdmagid.deviceplugin.kubelet;

/**
 * How a pool stands with the kubelet.
 *
 * @param pool its name
 * @param resourceName under which the kubelet counts it
 * @param registered whether the kubelet accepted it and has listened to its devices ever since
 */
public record PoolState(String pool, String resourceName, boolean registered) {}
