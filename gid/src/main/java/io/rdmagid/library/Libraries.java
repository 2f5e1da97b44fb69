package io.rdmagid.library;

import java.util.List;

/**
 * Those that are simulated. Not in {@link Library} itself: with a default method there, the
 * initialisation of each library begins with that of the interface, and two threads that began at
 * different ends would wait for each other for ever.
 */
public final class Libraries {
  /** Each in its newest form; perftest without options. */
  public static final List<Library> ALL = all("");

  private Libraries() {}

  /** Each in its newest form. */
  public static List<Library> all(String perftestOptions) {
    return List.of(
        new Nccl(),
        new Ucx(),
        Perftest.of(perftestOptions),
        new Nvshmem(),
        new Mooncake(Mooncake.Engine.CLASSIC));
  }
}
