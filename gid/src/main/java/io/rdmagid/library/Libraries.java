package io.rdmagid.library;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

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

  /**
   * The libraries that take another entry of a port than the one chosen, or none, although they are
   * told all that they can be told; one that cannot be told anything is none of them.
   *
   * @param program all ports of the program, {@code port} among them
   * @param table of {@code port}
   */
  public static List<Elsewhere> elsewhere(
      List<ChosenPort> program, ChosenPort port, GidTable table) {
    List<Elsewhere> elsewhere = new ArrayList<>();
    for (Library library : ALL) {
      SortedMap<String, String> told = library.emit(program);
      if (told.isEmpty()) {
        continue;
      }
      Pick pick = library.pick(table, told);
      if (!port.isTakenBy(pick)) {
        elsewhere.add(new Elsewhere(library.name(), pick));
      }
    }
    return elsewhere;
  }
}
