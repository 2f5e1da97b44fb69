package io.rdmagid.library;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** A library that can be told by variables which ports of a program to use, and which entries. */
public sealed interface ToldLibrary permits Library, Libfabric, Mscclpp, Uccl {
  /** The name in API objects and for people, such as {@code nccl}. */
  String name();

  /**
   * Every variable that {@link #emit} can name, and others by which an author decides which ports
   * or entries the library takes; that of the traffic class aside.
   */
  Set<String> variables();

  /**
   * The variables by which the library uses these ports and, as far as it can be told, takes the
   * entries chosen: one index where one is right on all, else what its own choice goes by.
   *
   * @param ports at least one
   * @return never an empty value; nothing for a library that reads no variables
   */
  SortedMap<String, String> emit(List<ChosenPort> ports);

  /**
   * The variable that takes the traffic class of its packets, a number from 0 to 255; empty for a
   * library that has none.
   */
  default Optional<String> trafficClassVariable() {
    return Optional.empty();
  }

  /**
   * What the library takes on a port when it is told this.
   *
   * @param told what {@link #emit} returned
   * @return empty where it was told nothing and nobody knows what it takes then
   */
  Optional<Pick> takes(GidTable table, Map<String, String> told);
}
