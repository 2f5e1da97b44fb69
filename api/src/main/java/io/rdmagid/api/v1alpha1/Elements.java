package io.rdmagid.api.v1alpha1;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The lists of records that never throw. */
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
}
