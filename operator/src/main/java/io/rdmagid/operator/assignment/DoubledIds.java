package io.rdmagid.operator.assignment;

import io.rdmagid.assignment.AssignedPort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Containers that were given several ids of one port: these count as one. Pure. */
final class DoubledIds {
  private DoubledIds() {}

  private record Ask(String container, String resource) {}

  /**
   * Such as {@code container main has 1 port for 2 of rdmagid.io/rails}, by container and resource.
   *
   * @param ports that the containers of a pod have
   * @param asked how many of a resource each container asked for, by its name
   * @param resourceName of a pool, by the pool's name
   */
  static List<String> of(
      List<AssignedPort> ports,
      Map<String, Map<String, Long>> asked,
      UnaryOperator<String> resourceName) {
    Map<Ask, Long> held =
        new TreeMap<>(Comparator.comparing(Ask::container).thenComparing(Ask::resource));
    for (AssignedPort port : ports) {
      held.merge(new Ask(port.container(), resourceName.apply(port.pool())), 1L, Long::sum);
    }
    List<String> doubled = new ArrayList<>();
    held.forEach((ask, number) -> {
      long wanted = asked.getOrDefault(ask.container(), Map.of()).getOrDefault(ask.resource(), 0L);
      if (wanted > number) {
        doubled.add(
            "container %s has %d port%s for %d of %s"
                .formatted(
                    ask.container(), number, number == 1 ? "" : "s", wanted, ask.resource()));
      }
    });
    return doubled;
  }
}
