package io.rdmagid.operator;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What an object keeps in memory. */
public final class Reachable {
  private Reachable() {}

  /**
   * All texts that are reached from an object, each instance once: equal ones are in the list as
   * often as they are in memory. Of the JDK only containers are looked into.
   */
  public static List<String> texts(Object root) {
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Object> ahead = new ArrayDeque<>(List.of(root));
    List<String> texts = new ArrayList<>();
    while (!ahead.isEmpty()) {
      Object object = ahead.pop();
      if (seen.add(object)) {
        if (object instanceof String text) {
          texts.add(text);
        } else {
          parts(object).stream().filter(part -> part != null).forEach(ahead::push);
        }
      }
    }
    return texts;
  }

  private static List<Object> parts(Object object) {
    return switch (object) {
      case Map<?, ?> map -> {
        List<Object> parts = new ArrayList<>(map.keySet());
        parts.addAll(map.values());
        yield parts;
      }
      case Collection<?> collection -> new ArrayList<>(collection);
      case Optional<?> optional -> optional.map(List::<Object>of).orElse(List.of());
      case Enum<?> _, Class<?> _ -> List.of();
      default -> object.getClass().isArray() ? elements(object) : fields(object);
    };
  }

  private static List<Object> elements(Object array) {
    List<Object> parts = new ArrayList<>();
    for (int i = 0; i < Array.getLength(array); i++) {
      parts.add(Array.get(array, i));
    }
    return parts;
  }

  private static List<Object> fields(Object object) {
    List<Object> parts = new ArrayList<>();
    for (Class<?> type = object.getClass();
        type != null && !type.getName().startsWith("java.");
        type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
          try {
            field.setAccessible(true);
            parts.add(field.get(object));
          } catch (IllegalAccessException e) {
            throw new AssertionError(field + " cannot be read", e);
          }
        }
      }
    }
    return parts;
  }
}
