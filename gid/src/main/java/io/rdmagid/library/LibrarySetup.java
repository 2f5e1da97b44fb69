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
 */
public record LibrarySetup(Set<String> libraries, OptionalInt trafficClass) {
  /** Every library is told, and keeps its traffic class. */
  public static final LibrarySetup ALL = new LibrarySetup(Set.of(), OptionalInt.empty());

  public LibrarySetup {
    Set<String> names = new HashSet<>(libraries);
    if (names.remove("rccl")) {
      names.add("nccl");
    }
    libraries = Set.copyOf(names);
  }

  /** Whether this library is told anything. */
  public boolean tells(ToldLibrary library) {
    return libraries.isEmpty() || libraries.contains(library.name());
  }
}
