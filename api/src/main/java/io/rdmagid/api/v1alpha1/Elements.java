package io.rdmagid.api.v1alpha1;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The lists and maps of records that never throw. */
final class Elements {
  private Elements() {}

  /**
   * An unmodifiable copy without nulls; empty for null. ({@code List.copyOf} would throw for both.)
   */
  static <T> List<T> of(@Nullable List<T> elements) {
    if (elements == null) {
      return List.of();
    }
    List<T> copy = new ArrayList<>(elements);
    copy.removeIf(element -> element == null);
    return Collections.unmodifiableList(copy);
  }

  /** An unmodifiable copy without null values; empty for null. */
  static <V> Map<String, V> of(@Nullable Map<String, V> elements) {
    if (elements == null) {
      return Map.of();
    }
    Map<String, V> copy = new LinkedHashMap<>(elements);
    copy.values().removeIf(value -> value == null);
    return Collections.unmodifiableMap(copy);
  }
}
