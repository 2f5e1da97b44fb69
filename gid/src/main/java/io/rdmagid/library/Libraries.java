package io.rdmagid.library;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Those that are known. Not in {@link Library} itself: with a default method there, the
 * initialisation of each library begins with that of the interface, and two threads that began at
 * different ends would wait for each other for ever.
 */
public final class Libraries {
  /** Those that are simulated, each in its newest form; perftest without options. */
  public static final List<Library> ALL = all("");

  /** Those that can be told anything. */
  public static final List<ToldLibrary> TOLD =
      List.of(
          new Nccl(),
          new Ucx(),
          new Nvshmem(),
          new Mooncake(Mooncake.Engine.CLASSIC),
          new Libfabric(),
          new Mscclpp(),
          new Uccl());

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
   * told all that they can be told. One whose choice nobody knows is none of them, nor is one that
   * the port's pool leaves alone.
   *
   * @param program all ports of the program, {@code port} among them
   * @param table of {@code port}
   */
  public static List<Elsewhere> elsewhere(List<ToldPort> program, ToldPort port, GidTable table) {
    List<Elsewhere> elsewhere = new ArrayList<>();
    for (ToldLibrary library : TOLD) {
      if (port.setup().tells(library)) {
        library
            .takes(table, emit(library, program))
            .filter(pick -> !port.port().isTakenBy(pick))
            .ifPresent(pick -> elsewhere.add(new Elsewhere(library.name(), pick)));
      }
    }
    return elsewhere;
  }

  /** What a library is told of those ports of a program whose pools say so. */
  static SortedMap<String, String> emit(ToldLibrary library, List<ToldPort> program) {
    List<ChosenPort> ports =
        program.stream().filter(port -> port.setup().tells(library)).map(ToldPort::port).toList();
    return ports.isEmpty() ? new TreeMap<>() : library.emit(ports);
  }
}
