package io.rdmagid.library;

import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that the libraries of one program are told of its ports, as variables.
 *
 * @param nccl NCCL's and RCCL's, which they also read from a file
 * @param ucx UCX's, which it also reads from a file
 * @param others those of libraries that read no file
 */
public record Settings(
    SortedMap<String, String> nccl,
    SortedMap<String, String> ucx,
    SortedMap<String, String> others) {
  /** Nobody is told anything. */
  public static final Settings NONE = of(List.of());

  public Settings {
    nccl = Collections.unmodifiableSortedMap(new TreeMap<>(nccl));
    ucx = Collections.unmodifiableSortedMap(new TreeMap<>(ucx));
    others = Collections.unmodifiableSortedMap(new TreeMap<>(others));
  }

  /**
   * What they are told of these ports. A library is told of those whose pools say so, and of a
   * traffic class where all of them have the same.
   */
  public static Settings of(List<ToldPort> program) {
    SortedMap<String, String> nccl = new TreeMap<>();
    SortedMap<String, String> ucx = new TreeMap<>();
    SortedMap<String, String> others = new TreeMap<>();
    for (ToldLibrary library : Libraries.TOLD) {
      SortedMap<String, String> told =
          switch (library) {
            case Nccl _ -> nccl;
            case Ucx _ -> ucx;
            case Library _, Libfabric _, Mscclpp _, Uccl _ -> others;
          };
      told.putAll(of(library, program));
    }
    return new Settings(nccl, ucx, others);
  }

  private static SortedMap<String, String> of(ToldLibrary library, List<ToldPort> program) {
    SortedMap<String, String> told = Libraries.emit(library, program);
    List<OptionalInt> classes =
        program.stream()
            .map(ToldPort::setup)
            .filter(setup -> setup.tells(library))
            .map(setup -> setup.trafficClassOf(library))
            .distinct()
            .toList();
    if (classes.size() == 1 && classes.getFirst().isPresent()) {
      String value = Integer.toString(classes.getFirst().getAsInt());
      library.trafficClassVariable().ifPresent(variable -> told.put(variable, value));
    }
    return told;
  }

  /** Everything. */
  public SortedMap<String, String> all() {
    SortedMap<String, String> all = new TreeMap<>(nccl);
    all.putAll(ucx);
    all.putAll(others);
    return all;
  }
}
