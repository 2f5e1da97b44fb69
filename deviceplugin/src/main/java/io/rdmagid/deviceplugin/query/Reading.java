package io.rdmagid.deviceplugin.query;

import io.rdmagid.deviceplugin.inventory.Inventory;
import java.time.Instant;

/**
 * What the observing thread hands over.
 *
 * @param eventAt when the first event that led to it reached the agent
 * @param readAt when it was read
 */
record Reading(Inventory inventory, Instant eventAt, Instant readAt) {}
