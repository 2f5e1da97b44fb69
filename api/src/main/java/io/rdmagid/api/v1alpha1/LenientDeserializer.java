package io.rdmagid.api.v1alpha1;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.type.TypeFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what fits the property's type and gives null for the rest: see {@link Lenient}. */
final class LenientDeserializer extends StdDeserializer<Object> implements ContextualDeserializer {
  private final JavaType type;

  /** For Jackson, which asks {@link #createContextual} next. */
  @SuppressWarnings("unused")
  LenientDeserializer() {
    this(TypeFactory.unknownType());
  }

  private LenientDeserializer(JavaType type) {
    super(type);
    this.type = type;
  }

  @Override
  public JsonDeserializer<?> createContextual(
      DeserializationContext context, BeanProperty property) {
    return new LenientDeserializer(property.getType());
  }

  @Override
  public @Nullable Object deserialize(JsonParser parser, DeserializationContext context)
      throws IOException {
    // The value is taken off the parser as a whole first, so that a misfit leaves the parser behind
    // it.
    JsonNode value = context.readTree(parser);
    if (!type.isCollectionLikeType()) {
      return read(context, value, type);
    }
    List<Object> elements = new ArrayList<>();
    if (value.isArray()) {
      for (JsonNode element : value) {
        Object read = read(context, element, type.getContentType());
        if (read != null) {
          elements.add(read);
        }
      }
    }
    return elements;
  }

  private static @Nullable Object read(
      DeserializationContext context, JsonNode value, JavaType type) throws IOException {
    if (value.isNull()) {
      return null;
    }
    try {
      return context.readTreeAsValue(value, type);
    } catch (JsonMappingException e) {
      return null;
    }
  }
}
