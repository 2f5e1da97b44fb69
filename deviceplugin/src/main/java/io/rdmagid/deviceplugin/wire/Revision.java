package io.rdmagid.deviceplugin.wire;

import java.time.Instant;

/**
 * Which of the agent's readings something was.
 *
 * @param number from 1 with each start of the agent, one more with each reading that differs
 * @param eventAt when the first event that led to it reached the agent
 * @param readAt when it was read
 */
public record Revision(long number, Instant eventAt, Instant readAt) {}
