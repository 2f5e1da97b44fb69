package io.rdmagid.library;

/**
 * A library that does not take the entry that it was told to.
 *
 * @param library its name
 * @param pick what it does instead
 */
public record Elsewhere(String library, Pick pick) {}
