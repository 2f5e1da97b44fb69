package io.rdmagid.management;

import java.util.function.Supplier;

/**
 * Something that must hold for a process to be live or ready.
 *
 * @param name one word, as the probe's body shows it
 * @param test looks, at each probe, on a virtual thread, possibly at the same time as another
 *     probe: it must return at once, without native calls or locks held long. One that throws
 *     counts as failing
 */
public record Check(String name, Supplier<CheckResult> test) {}
