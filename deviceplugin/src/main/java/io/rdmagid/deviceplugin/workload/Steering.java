package io.rdmagid.deviceplugin.workload;

import io.rdmagid.library.Libraries;
import io.rdmagid.library.LibrarySetup;
import io.rdmagid.library.Nccl;
import io.rdmagid.library.ToldLibrary;
import io.rdmagid.library.Ucx;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What the author of a container, or of its image, tells libraries by variables of its own. Those
 * win: they stand in the environment before ours are added. Pure.
 */
final class Steering {
  private Steering() {}

  /**
   * The names of the libraries that are told something, or that are pointed to a file that is not
   * ours, and the variables by which others are told a traffic class.
   *
   * @param environment the container's variables by name
   * @param pools whose files the container has
   */
  static Set<String> told(Map<String, String> environment, Collection<String> pools) {
    Set<String> steered = new HashSet<>();
    for (ToldLibrary library : Libraries.TOLD) {
      if (!Collections.disjoint(library.variables(), environment.keySet())) {
        steered.add(library.name());
      }
      library.trafficClassVariable().filter(environment::containsKey).ifPresent(steered::add);
    }
    Map<String, Set<String>> pointers = pointers(pools);
    if (pointsElsewhere(SetFiles.NCCL_POINTER, environment, pointers)) {
      steered.add(new Nccl().name());
    }
    if (pointsElsewhere(SetFiles.UCX_POINTER, environment, pointers)) {
      steered.add(new Ucx().name());
    }
    return steered;
  }

  /** Whether a variable that would point to a file of ours points to another. */
  static boolean pointsElsewhere(
      String variable, Map<String, String> environment, Map<String, Set<String>> pointers) {
    String value = environment.get(variable);
    return value != null && !pointers.getOrDefault(variable, Set.of(value)).contains(value);
  }

  /** The values that point libraries to the files of these pools, by variable. */
  static Map<String, Set<String>> pointers(Collection<String> pools) {
    Map<String, Set<String>> pointers = new HashMap<>();
    for (String pool : pools) {
      SetFiles.pointers(Workload.CONTAINER_FOLDERS + pool, LibrarySetup.ALL)
          .forEach((variable, value) ->
              pointers.computeIfAbsent(variable, _ -> new HashSet<>()).add(value));
    }
    return pointers;
  }
}
