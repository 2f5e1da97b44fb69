package io.rdmagid.library;

import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What the programs that use a pool's ports are told besides the ports.
 *
 * @param libraries the names of those that are told anything; empty for all. RCCL is NCCL here: it
 *     has its code and its variables. A name that nobody knows is that of no library
 * @param trafficClass the traffic class of their packets, 0 to 255, a DSCP in its upper six bits;
 *     empty where each keeps its own
 * @param steered the names of those that the program's author tells: nothing is added to that,
 *     since a part of what we would say beside a part of the author's can be wrong, and some
 *     libraries refuse to start on it; and the variables of traffic classes that the author sets
 */
public record LibrarySetup(Set<String> libraries, OptionalInt trafficClass, Set<String> steered) {
  /** Every library is told, and keeps its traffic class. */
  public static final LibrarySetup ALL = new LibrarySetup(Set.of(), OptionalInt.empty());

  public LibrarySetup {
    Set<String> names = new HashSet<>(libraries);
    if (names.remove("rccl")) {
      names.add("nccl");
    }
    libraries = Set.copyOf(names);
    steered = Set.copyOf(steered);
  }

  /** For a program whose author tells no library anything. */
  public LibrarySetup(Set<String> libraries, OptionalInt trafficClass) {
    this(libraries, trafficClass, Set.of());
  }

  /** The same for a program whose author tells these libraries, or sets these variables. */
  public LibrarySetup steered(Set<String> names) {
    return new LibrarySetup(libraries, trafficClass, names);
  }

  /** Whether this library is one of the pool's. */
  public boolean concerns(ToldLibrary library) {
    return libraries.isEmpty() || libraries.contains(library.name());
  }

  /** Whether this library is told anything. */
  public boolean tells(ToldLibrary library) {
    return concerns(library) && !steered.contains(library.name());
  }

  /** The traffic class that this library is told; empty where the author tells it one. */
  OptionalInt trafficClassOf(ToldLibrary library) {
    return library.trafficClassVariable().filter(steered::contains).isPresent()
        ? OptionalInt.empty()
        : trafficClass;
  }
}
