package io.rdmagid.api.v1alpha1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinitionBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the CRDs are completed with. */
final class CrdParts {
  private CrdParts() {}

  static CustomResourceColumnDefinition column(
      String name, String type, String jsonPath, String description) {
    return new CustomResourceColumnDefinitionBuilder()
        .withName(name)
        .withType(type)
        .withJsonPath(jsonPath)
        .withDescription(description)
        .build();
  }

  /** A column that only {@code -o wide} shows. */
  static CustomResourceColumnDefinition wide(
      String name, String type, String jsonPath, String description) {
    CustomResourceColumnDefinition column = column(name, type, jsonPath, description);
    column.setPriority(1);
    return column;
  }

  static CustomResourceColumnDefinition age() {
    return column("Age", "date", ".metadata.creationTimestamp", "Age of the object");
  }

  /** Lists that have one writer. */
  static void atomic(JSONSchemaProps object, String... names) {
    Stream.of(names)
        .forEach(name -> object.getProperties().get(name).setXKubernetesListType("atomic"));
  }

  /** A text that is one of a few words. */
  static void words(JSONSchemaProps text, String... words) {
    text.setEnum(Stream.of(words).<JsonNode>map(TextNode::valueOf).toList());
    text.setMaxLength(Bounds.WORD_LENGTH);
  }

  /**
   * As metav1.Condition is declared. Several may own conditions of one object, so they are a map by
   * type.
   */
  static void conditions(JSONSchemaProps conditions) {
    conditions.setXKubernetesListType("map");
    conditions.setXKubernetesListMapKeys(List.of("type"));
    JSONSchemaProps condition = conditions.getItems().getSchema();
    condition.setRequired(List.of("lastTransitionTime", "message", "reason", "status", "type"));
    Map<String, JSONSchemaProps> fields = condition.getProperties();
    text(fields.get("type"), 316, "Type of the condition, in CamelCase.");
    text(fields.get("status"), 63, "Status of the condition: True, False or Unknown.");
    text(fields.get("reason"), 1024, "Why the condition has this status, one word in CamelCase.");
    text(fields.get("message"), 32768, "Why the condition has this status, for people.");
    text(fields.get("lastTransitionTime"), 63, "When the status last changed, RFC 3339.");
    fields.get("lastTransitionTime").setFormat("date-time");
    fields.get("observedGeneration").setMinimum(0.0);
    fields.get("observedGeneration").setDescription("metadata.generation that this was found for.");
  }

  private static void text(JSONSchemaProps field, long maxLength, String description) {
    field.setMaxLength(maxLength);
    field.setDescription(description);
  }
}
