package io.rdmagid.library;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A variable that holds the one index that a library takes on all ports.
 *
 * @param most the largest index that the library accepts
 */
record OneNumber(String variable, int most) {
  /** The variable, where one index is right on all ports and the library accepts it. */
  SortedMap<String, String> emit(ChosenPorts ports) {
    SortedMap<String, String> variables = new TreeMap<>();
    ports
        .index()
        .ifPresent(index -> {
          if (index <= most) {
            variables.put(variable, Integer.toString(index));
          }
        });
    return variables;
  }

  /** The index that was told; empty where none was. */
  Optional<Pick> pick(Map<String, String> told) {
    return Optional.ofNullable(told.get(variable))
        .map(index -> new Pick.Index(Integer.parseInt(index), variable + "=" + index));
  }
}
