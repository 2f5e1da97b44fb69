/**
 * The kubelet edge: a device plugin for each pool, by the kubelet's device plugin API v1beta1 and,
 * where its plugin watcher finds them, plugin registration API v1. It offers what the agent tells
 * it, and asks the agent for every allocation.
 */
@NullMarked
package io.rdmagid.deviceplugin.kubelet;

import org.jspecify.annotations.NullMarked;
