package io.rdmagid.deviceplugin.workload;

/**
 * What people should find at the Node.
 *
 * @param warning whether somebody has to do something
 * @param reason one word in CamelCase, for machines
 * @param action what the agent did, or tried to do, one word in CamelCase, for machines
 * @param note a sentence or two, for people
 */
public record NodeNotice(boolean warning, String reason, String action, String note) {}
