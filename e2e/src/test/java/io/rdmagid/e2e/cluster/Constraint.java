package io.rdmagid.e2e.cluster;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.rdmagid.e2e.testbed.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A constraint of a kind's schema, and what breaks it, and nothing else where that can be: a line
 * of {@code validation/KIND-invalid.txt}, which is a change of {@code KIND-valid.yaml}.
 *
 * @param kind of the object
 * @param keyword of the schema; {@code required} belongs to the field that has to be there, {@code
 *     unique} stands for a list whose items differ, {@code rule} for CEL, {@code change} for CEL
 *     that looks at what was there before
 * @param field as a refusal names it, with 0 for the index of any item and {@code key} for any key;
 *     {@link #WHOLE} for the object
 * @param value in the words of the file
 */
record Constraint(String kind, String keyword, String field, String value) {
  private static final String WHOLE = ".";
  private static final Pattern REPEATED = Pattern.compile("(.)\\*([0-9]+)");
  private static final Pattern COPIES = Pattern.compile("first\\*([0-9]+)");
  private static final Pattern STEP = Pattern.compile("[^.\\[\\]]+");

  /** The files of a kind are in this folder. */
  private static Path file(String name) {
    return Checkout.root().resolve("e2e/src/test/resources/validation").resolve(name);
  }

  /** An object of the folder, each time a new one. */
  static Map<String, Object> object(String name) {
    return asMap(Serialization.unmarshal(read(file(name + ".yaml")), TreeMap.class));
  }

  /** All lines of a kind. */
  static List<Constraint> all(String kind) {
    return read(file(kind + "-invalid.txt"))
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split(" *\\| *", 3))
        .map(parts -> new Constraint(kind, parts[0], parts[1], parts[2]))
        .toList();
  }

  /** What the schema of a CRD of the chart constrains, as {@code keyword field}. */
  static List<String> ofSchema(String plural) {
    Path crd = Checkout.root().resolve("charts/rdmagid/crds/" + plural + ".rdmagid.io.yaml");
    Map<String, Object> spec =
        asMap(asMap(Serialization.unmarshal(read(crd), TreeMap.class)).get("spec"));
    Map<String, Object> version = asMap(asList(spec.get("versions")).getFirst());
    List<String> found = new ArrayList<>();
    collect(asMap(asMap(version.get("schema")).get("openAPIV3Schema")), "", found);
    return found;
  }

  private static void collect(Map<String, Object> node, String path, List<String> found) {
    String prefix = path.isEmpty() ? "" : path + ".";
    node.forEach((key, value) -> {
      switch (key) {
        case "type", "description", "default" -> {}
        case "properties" ->
            asMap(value).forEach((name, child) -> collect(asMap(child), prefix + name, found));
        case "items" -> collect(asMap(value), path + "[0]", found);
        case "additionalProperties" -> collect(asMap(value), prefix + "key", found);
        case "required" -> asList(value).forEach(name -> found.add("required " + prefix + name));
        case "x-kubernetes-list-type" -> {
          if (!value.equals("atomic")) {
            found.add("unique " + path);
          }
        }
        case "x-kubernetes-list-map-keys" -> {}
        case "x-kubernetes-validations" ->
            asList(value).forEach(rule -> found.add(ofRule(asMap(rule), path)));
        default -> found.add(key + " " + path);
      }
    });
  }

  private static String ofRule(Map<String, Object> rule, String path) {
    boolean ofChange = Objects.requireNonNull(rule.get("rule")).toString().contains("oldSelf");
    return (ofChange ? "change " : "rule ") + (path.isEmpty() ? WHOLE : path);
  }

  /** The valid object with the change. */
  Map<String, Object> broken() {
    Map<String, Object> object = object(kind + "-valid");
    if (field.equals(WHOLE)) {
      object.putAll(asMap(value(object)));
      return object;
    }
    List<String> steps = STEP.matcher(field).results().map(step -> step.group()).toList();
    Object parent = object;
    for (String step : steps.subList(0, steps.size() - 1)) {
      parent = child(parent, step);
    }
    String last = steps.getLast();
    if (value.equals("absent")) {
      Object _ = asMap(parent).remove(last);
    } else if (parent instanceof List<?>) {
      Object _ = asList(parent).set(Integer.parseInt(last), value(null));
    } else {
      Object _ = asMap(parent).put(last, value(asMap(parent).get(last)));
    }
    return object;
  }

  private static Object child(Object parent, String step) {
    return Objects.requireNonNull(
        parent instanceof List<?>
            ? asList(parent).get(Integer.parseInt(step))
            : asMap(parent).get(step),
        step);
  }

  private Object value(@Nullable Object valid) {
    var copies = COPIES.matcher(value);
    if (copies.matches()) {
      return copies(Integer.parseInt(copies.group(1)), Objects.requireNonNull(valid));
    }
    String text =
        REPEATED
            .matcher(value)
            .replaceAll(match -> match.group(1).repeat(Integer.parseInt(match.group(2))));
    return Objects.requireNonNull(
        asMap(Serialization.unmarshal("value: " + text, TreeMap.class)).get("value"));
  }

  private static Object copies(int number, Object valid) {
    if (valid instanceof Map<?, ?>) {
      Map.Entry<String, Object> first = asMap(valid).entrySet().iterator().next();
      return IntStream.range(0, number)
          .boxed()
          .collect(Collectors.toMap(i -> first.getKey() + i, _ -> first.getValue()));
    }
    return Collections.nCopies(number, asList(valid).getFirst());
  }

  /** What a refusal says of the field. */
  String refusal() {
    return switch (keyword) {
      case "required" -> field + ": Required value";
      case "maxLength" -> field + ": Too long";
      case "maxItems", "maxProperties" -> field + ": Too many";
      case "enum" -> field + ": Unsupported value";
      case "unique" -> field + "[1]: Duplicate value";
      case "change" -> ofWhole() + ": Forbidden";
      case "rule" -> ofWhole() + ": Invalid value";
      // By the pattern, too, an empty text is an invalid value.
      case "minLength" -> inBody() + " in body should be at least";
      case "pattern" -> inBody() + " in body should match";
      default -> field + ": Invalid value";
    };
  }

  /** The body of a subresource is the subresource. */
  private String inBody() {
    return field.startsWith("status.") ? field.substring("status.".length()) : field;
  }

  private String ofWhole() {
    return field.equals(WHOLE) ? "<nil>" : field;
  }

  @SuppressWarnings("unchecked") // what YAML is read as
  private static Map<String, Object> asMap(@Nullable Object object) {
    return (Map<String, Object>) Objects.requireNonNull(object);
  }

  @SuppressWarnings("unchecked") // what YAML is read as
  private static List<Object> asList(@Nullable Object object) {
    return (List<Object>) Objects.requireNonNull(object);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return kind + " " + keyword + " " + field;
  }
}
