package io.rdmagid.deviceplugin.recording;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads the fields of one JSON object and notes every problem by its path instead of stopping at
 * the first: a missing field, one of the wrong kind or out of bounds, one that nobody asked for.
 * Values that cannot be read come back as the default, so that reading goes on.
 */
final class JsonFields {
  private final JsonNode object;
  private final String path;
  private final Problems problems;
  private final Set<String> known = new HashSet<>();

  JsonFields(JsonNode object, String path, Problems problems) {
    this.object = object;
    this.path = path;
    this.problems = problems;
    if (!object.isObject()) {
      problem(path, "is not an object");
    }
  }

  String requiredText(String name) {
    if (!has(name)) {
      problem(at(name), "is missing");
      return "";
    }
    if (object.get(name).isTextual() && object.get(name).textValue().isEmpty()) {
      problem(at(name), "is empty");
    }
    return text(name, "");
  }

  String text(String name, String otherwise) {
    if (!has(name)) {
      return otherwise;
    }
    JsonNode value = object.get(name);
    if (!value.isTextual()) {
      problem(at(name), "is not a text");
      return otherwise;
    }
    return value.textValue();
  }

  /** One of some words. */
  String word(String name, List<String> words, String otherwise) {
    String text = text(name, otherwise);
    if (!text.equals(otherwise) && !words.contains(text)) {
      problem(at(name), "is '" + text + "', not one of " + String.join(", ", words));
    }
    return text;
  }

  boolean flag(String name, boolean otherwise) {
    if (!has(name)) {
      return otherwise;
    }
    JsonNode value = object.get(name);
    if (!value.isBoolean()) {
      problem(at(name), "is neither true nor false");
      return otherwise;
    }
    return value.booleanValue();
  }

  int requiredNumber(String name, int least, int most) {
    return requiredNumber(name, least, most, least);
  }

  int requiredNumber(String name, int least, int most, int otherwise) {
    if (!has(name)) {
      problem(at(name), "is missing");
      return otherwise;
    }
    return number(name, least, most, otherwise);
  }

  int number(String name, int least, int most, int otherwise) {
    if (!has(name)) {
      return otherwise;
    }
    JsonNode value = object.get(name);
    if (!value.isInt() || value.intValue() < least || value.intValue() > most) {
      problem(at(name), "is not a whole number from " + least + " to " + most);
      return otherwise;
    }
    return value.intValue();
  }

  double decimal(String name, int most) {
    if (!has(name)) {
      return 0;
    }
    JsonNode value = object.get(name);
    if (!value.isNumber() || value.doubleValue() < 0 || value.doubleValue() > most) {
      problem(at(name), "is not a number from 0 to " + most);
      return 0;
    }
    return value.doubleValue();
  }

  /**
   * Each element of a list of objects, read by {@code reader}; none where the field is absent.
   * Elements with a problem are left out, so that what comes back holds no default in its place.
   */
  <T> List<T> objects(String name, int most, Function<JsonFields, T> reader) {
    List<T> result = new ArrayList<>();
    int i = 0;
    for (JsonNode element : elements(name, most)) {
      int before = problems.count();
      JsonFields fields = new JsonFields(element, at(name) + "[" + i++ + "]", problems);
      T value = reader.apply(fields);
      fields.refuseOthers();
      if (problems.count() == before) {
        result.add(value);
      }
    }
    return result;
  }

  /**
   * Notes each value of {@code key} that several objects of a list have, sound or not. By their
   * texts: of those that collide a set makes a tree, since they can be compared, while nodes of one
   * hash would each be compared with all others.
   */
  void unique(String name, String key) {
    Set<String> seen = new HashSet<>();
    Set<String> told = new HashSet<>();
    for (JsonNode element : object.path(name)) {
      JsonNode value = element.path(key);
      if (value.isInt() || value.isTextual()) {
        String text = value.asText();
        if (!seen.add(text) && told.add(text)) {
          problem(at(name), "holds '" + text + "' twice");
        }
      }
    }
  }

  /** A list of texts; none where the field is absent. */
  List<String> texts(String name, int most) {
    List<String> result = new ArrayList<>();
    int i = 0;
    for (JsonNode element : elements(name, most)) {
      String where = at(name) + "[" + i++ + "]";
      if (element.isTextual()) {
        result.add(element.textValue());
      } else {
        problem(where, "is not a text");
      }
    }
    return result;
  }

  /** A list of whole numbers; none where the field is absent. */
  List<Integer> numbers(String name, int most, int least, int greatest) {
    List<Integer> result = new ArrayList<>();
    int i = 0;
    for (JsonNode element : elements(name, most)) {
      String where = at(name) + "[" + i++ + "]";
      if (element.isInt() && element.intValue() >= least && element.intValue() <= greatest) {
        result.add(element.intValue());
      } else {
        problem(where, "is not a whole number from " + least + " to " + greatest);
      }
    }
    return result;
  }

  /** A map from text to text; none where the field is absent. */
  Map<String, String> textMap(String name, int most) {
    Map<String, String> result = new HashMap<>();
    if (!has(name)) {
      return result;
    }
    if (!object.get(name).isObject()) {
      problem(at(name), "is not an object");
    } else if (object.get(name).size() > most) {
      problem(at(name), "has " + object.get(name).size() + " fields, more than " + most);
      return result;
    }
    for (var entry : object.get(name).properties()) {
      if (entry.getValue().isTextual()) {
        result.put(entry.getKey(), entry.getValue().textValue());
      } else {
        problem(at(name) + "." + entry.getKey(), "is not a text");
      }
    }
    return result;
  }

  /** Notes each field that nobody has asked for. */
  void refuseOthers() {
    for (var entry : object.properties()) {
      if (!known.contains(entry.getKey())) {
        problem(
            at(entry.getKey()),
            "is not a field of a recording of version " + RecordingReader.VERSION);
      }
    }
  }

  /** Notes a problem of a field of this object, or of the document itself. */
  void problem(String where, String what) {
    problems.add((where.isEmpty() ? "the document" : where) + " " + what);
  }

  String at(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /** Whether the field is there and not null; it then counts as known. */
  boolean has(String name) {
    known.add(name);
    return object.hasNonNull(name);
  }

  private List<JsonNode> elements(String name, int most) {
    if (!has(name)) {
      return List.of();
    }
    JsonNode value = object.get(name);
    if (!value.isArray()) {
      problem(at(name), "is not a list");
      return List.of();
    }
    if (value.size() > most) {
      problem(at(name), "has " + value.size() + " elements, more than " + most);
      return List.of();
    }
    return value.valueStream().toList();
  }
}
