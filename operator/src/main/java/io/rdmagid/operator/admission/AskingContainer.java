package io.rdmagid.operator.admission;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.rdmagid.api.v1alpha1.PoolParser;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a container asks for, and what its author set.
 *
 * @param name as it was written: nothing has checked it yet
 * @param resources the resource names of pools in its limits and requests
 * @param variables by name; empty texts for those whose value comes from elsewhere
 * @param hostNetwork whether its pod is in the host's network namespace
 */
record AskingContainer(
    String name,
    NavigableSet<String> resources,
    SortedMap<String, Optional<String>> variables,
    boolean hostNetwork) {
  private static final Pattern INDEX = Pattern.compile("[0-9]{1,5}");

  /** Never throws, whatever the container holds. */
  static AskingContainer of(Container container, PodSpec spec) {
    NavigableSet<String> resources = new TreeSet<>();
    if (container.getResources() != null) {
      addPools(container.getResources().getLimits(), resources);
      addPools(container.getResources().getRequests(), resources);
    }
    SortedMap<String, Optional<String>> variables = new TreeMap<>();
    for (EnvVar variable : container.getEnv()) {
      if (variable != null && variable.getName() != null) {
        // Of two of a name the later counts.
        variables.put(
            variable.getName(),
            variable.getValueFrom() != null
                ? Optional.empty()
                : Optional.of(Objects.requireNonNullElse(variable.getValue(), "")));
      }
    }
    return new AskingContainer(
        Objects.requireNonNullElse(container.getName(), ""),
        resources,
        variables,
        Boolean.TRUE.equals(spec.getHostNetwork()));
  }

  private static void addPools(
      @Nullable Map<String, ?> quantities, NavigableSet<String> resources) {
    if (quantities != null) {
      quantities.keySet().stream()
          .filter(resource -> resource.startsWith(PoolParser.RESOURCE_PREFIX))
          .forEach(resources::add);
    }
  }

  /** Whether the variable is set to something, or to what nobody knows yet. */
  boolean sets(String variable) {
    Optional<String> value = variables.get(variable);
    return value != null && !value.equals(Optional.of(""));
  }

  /** The index that a variable fixes; empty where it fixes none that is known. */
  OptionalInt index(String variable) {
    Optional<String> value = variables.getOrDefault(variable, Optional.empty());
    return value
        .filter(text -> INDEX.matcher(text).matches())
        .map(text -> OptionalInt.of(Integer.parseInt(text)))
        .orElse(OptionalInt.empty());
  }
}
