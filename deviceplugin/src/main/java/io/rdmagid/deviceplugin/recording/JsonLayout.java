package io.rdmagid.deviceplugin.recording;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Iterator;
import java.util.Map;

/**
 * JSON as text for people and for diffs: what holds nothing but plain values, as an entry does,
 * stands on one line, all else a line a field.
 */
final class JsonLayout {
  private static final String STEP = "  ";

  private final StringBuilder out = new StringBuilder();

  private JsonLayout() {}

  /** The text, with a line break at its end. */
  static String text(JsonNode document) {
    JsonLayout layout = new JsonLayout();
    layout.write(document, "\n");
    return layout.out.append('\n').toString();
  }

  /**
   * Writes a value.
   *
   * @param line a line break with the indentation that the value stands in
   */
  private void write(JsonNode value, String line) {
    if (value.isObject()) {
      String separator = separator(value, line);
      out.append('{');
      Iterator<Map.Entry<String, JsonNode>> fields = value.properties().iterator();
      boolean first = true;
      while (fields.hasNext()) {
        Map.Entry<String, JsonNode> field = fields.next();
        separate(first, separator);
        out.append(TextNode.valueOf(field.getKey())).append(": ");
        write(field.getValue(), line + STEP);
        first = false;
      }
      end(value, line, '}');
    } else if (value.isArray()) {
      String separator = separator(value, line);
      out.append('[');
      boolean first = true;
      for (JsonNode element : value) {
        separate(first, separator);
        write(element, line + STEP);
        first = false;
      }
      end(value, line, ']');
    } else {
      out.append(value);
    }
  }

  private void separate(boolean first, String separator) {
    if (!first) {
      out.append(',');
    }
    if (!first || separator.length() > 1) {
      out.append(separator);
    }
  }

  private void end(JsonNode container, String line, char bracket) {
    out.append(isOneLine(container) ? "" : line).append(bracket);
  }

  private static String separator(JsonNode container, String line) {
    return isOneLine(container) ? " " : line + STEP;
  }

  private static boolean isOneLine(JsonNode container) {
    return container.valueStream().allMatch(value -> value.isValueNode() || value.isEmpty());
  }
}
