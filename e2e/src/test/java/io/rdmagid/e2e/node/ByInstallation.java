package io.rdmagid.e2e.node;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.ClassDescriptor;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.ClassOrdererContext;

/**
 * Classes that run on the same installation one after the other: agents of other values take more
 * than a minute to be there. Any other order is as right.
 */
public final class ByInstallation implements ClassOrderer {
  @Override
  public void orderClasses(ClassOrdererContext context) {
    context
        .getClassDescriptors()
        .sort(
            Comparator.<ClassDescriptor, String>comparing(
                    described -> String.join(",", values(described.getTestClass())))
                .thenComparing(
                    described -> OnOfferedPools.class.isAssignableFrom(described.getTestClass()))
                .thenComparing(described -> described.getTestClass().getName()));
  }

  /** The values of the chart that a class wants. */
  static List<String> values(Class<?> test) {
    return Optional.ofNullable(test.getAnnotation(ChartValues.class))
        .map(values -> List.of(values.value()))
        .orElse(List.of());
  }
}
