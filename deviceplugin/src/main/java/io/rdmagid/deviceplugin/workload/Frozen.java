package io.rdmagid.deviceplugin.workload;

import io.rdmagid.assignment.ContainerVariables;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a container's environment was made with. It cannot change, while the files can.
 *
 * @param injected the variables that were added
 * @param kept the names of those that stood there already and decide what libraries take, or by
 *     which the container would have had its ports named
 */
public record Frozen(SortedMap<String, String> injected, List<String> kept) {
  /** Nothing was added. */
  public static final Frozen NONE = new Frozen(new TreeMap<>(), List.of());

  public Frozen {
    injected = Collections.unmodifiableSortedMap(new TreeMap<>(injected));
    kept = List.copyOf(kept);
  }

  /**
   * What is added to a container that is made now: all that its set has to say by variables, but
   * for those that stand there. Those are the user's choice.
   */
  static Frozen of(ContainerSet set, ContainerSpec container) {
    if (!container.takesVariables()) {
      return NONE;
    }
    Map<String, String> present = container.variables();
    SortedMap<String, String> injected = new TreeMap<>(set.variables());
    Set<String> kept = new TreeSet<>(set.decisive());
    kept.addAll(injected.keySet());
    kept.retainAll(present.keySet());
    injected.keySet().removeAll(present.keySet());
    Map<String, Set<String>> pointers = Steering.pointers(set.pools());
    for (String pointer : pointers.keySet()) {
      if (Steering.pointsElsewhere(pointer, present, pointers)) {
        kept.add(pointer);
      }
    }
    return new Frozen(injected, List.copyOf(kept));
  }

  /**
   * Of a container that was made without our answer: nothing was added, and what stands there is
   * the user's choice all the same.
   *
   * @param allocations that it has claimed
   */
  static Frozen withoutUs(List<AllocationRecord> allocations, ContainerSpec container) {
    return new Frozen(NONE.injected, of(ContainerSet.unchosen(allocations), container).kept());
  }

  /**
   * As the record of the pod has it.
   *
   * @param now what the variables would be if the container was made now
   */
  ContainerVariables comparedWith(Map<String, String> now) {
    return new ContainerVariables(
        List.copyOf(injected.keySet()),
        injected.entrySet().stream()
            .filter(variable -> !variable.getValue().equals(now.get(variable.getKey())))
            .map(Map.Entry::getKey)
            .toList(),
        kept);
  }
}
