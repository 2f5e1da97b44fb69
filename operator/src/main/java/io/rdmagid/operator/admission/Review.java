package io.rdmagid.operator.admission;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;

/**
 * An AdmissionReview of {@code admission.k8s.io/v1}
 * (https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/).
 */
sealed interface Review {
  /** The pods that the request is about; {@code uid} is the request's, to be answered with. */
  record Valid(String uid, Subject subject) implements Review {}

  /** It is not one that this webhook was set up for. */
  record Invalid(String reason) implements Review {}

  /** Unknown fields are those of a later version; a wrong type in a known one is refused. */
  ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  String API_VERSION = "admission.k8s.io/v1";
  String KIND = "AdmissionReview";

  /** Reads a request. Never throws. */
  static Review read(byte[] body) {
    try {
      JsonNode review = JSON.readTree(body);
      if (review == null || !review.isObject()) {
        return new Invalid("the body is no JSON object");
      }
      if (!review.path("apiVersion").asText().equals(API_VERSION)
          || !review.path("kind").asText().equals(KIND)) {
        return new Invalid("the body is no " + KIND + " of " + API_VERSION);
      }
      JsonNode request = review.path("request");
      String uid = request.path("uid").asText();
      if (uid.isEmpty()) {
        return new Invalid("request.uid is missing");
      }
      return template(uid, request);
    } catch (IOException e) {
      return new Invalid("the body cannot be read: " + line(e));
    }
  }

  private static Review template(String uid, JsonNode request) throws JsonProcessingException {
    JsonNode kind = request.path("kind");
    String path =
        switch (kind.path("group").asText()
            + "/"
            + kind.path("version").asText()
            + "/"
            + kind.path("kind").asText()) {
          case "/v1/Pod" -> "";
          case "batch/v1/Job", "apps/v1/Deployment", "apps/v1/StatefulSet", "apps/v1/DaemonSet" ->
              "/spec/template";
          case "batch/v1/CronJob" -> "/spec/jobTemplate/spec/template";
          default -> "?";
        };
    if (path.equals("?")) {
      return new Invalid("request.kind is none that is looked at: " + kind);
    }
    JsonNode object = request.path("object");
    JsonNode template = object.at(path);
    if (!template.path("spec").isObject()) {
      return new Invalid("request.object has no " + path + "/spec");
    }
    // A pod of a template can do without metadata.
    JsonNode metadata = template.path("metadata");
    return new Valid(
        uid,
        new Subject(
            path.isEmpty(),
            metadata.isObject()
                ? Objects.requireNonNull(JSON.treeToValue(metadata, ObjectMeta.class))
                : new ObjectMeta(),
            Objects.requireNonNull(JSON.treeToValue(template.path("spec"), PodSpec.class))));
  }

  /** The answer's body. */
  static String write(String uid, Answer answer) {
    ObjectNode review = JSON.createObjectNode().put("apiVersion", API_VERSION).put("kind", KIND);
    ObjectNode response = review.putObject("response").put("uid", uid).put("allowed", true);
    if (!answer.patch().isEmpty()) {
      byte[] patch = answer.patch().toString().getBytes(StandardCharsets.UTF_8);
      response
          .put("patchType", "JSONPatch")
          .put("patch", Base64.getEncoder().encodeToString(patch));
    }
    if (!answer.warnings().isEmpty()) {
      answer.warnings().forEach(response.putArray("warnings")::add);
    }
    return review.toString();
  }

  private static String line(IOException e) {
    String message = e instanceof JsonProcessingException json ? json.getOriginalMessage() : null;
    return message == null ? e.getClass().getSimpleName() : message.lines().findFirst().orElse("");
  }
}
