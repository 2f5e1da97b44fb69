package io.rdmagid.operator.admission;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodReadinessGate;
import io.rdmagid.api.naming.PodMetadata;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is answered for a pod, or for what pods will be made from. Computes only. */
final class PodAdmission {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String FORGED =
      "annotation " + PodMetadata.ASSIGNMENT_ANNOTATION + " is left out: it is the operator's word";

  private PodAdmission() {}

  /**
   * The answer.
   *
   * @param pools empty where not all is read yet: then nothing is said that needs it
   */
  static Answer of(Subject subject, Optional<PoolIndices> pools) {
    Warnings warnings = new Warnings();
    ArrayNode patch = JSON.arrayNode();
    if (text(subject.metadata().getAnnotations(), PodMetadata.ASSIGNMENT_ANNOTATION).isPresent()) {
      warnings.add(FORGED);
      patch
          .addObject()
          .put("op", "remove")
          .put(
              "path",
              "/metadata/annotations/" + PodMetadata.ASSIGNMENT_ANNOTATION.replace("/", "~1"));
    }
    if (wantsGate(subject)) {
      addGate(subject.spec().getReadinessGates(), patch);
    }
    for (Container container : containers(subject)) {
      AskingContainer asking = AskingContainer.of(container, subject.spec());
      if (!asking.resources().isEmpty()) {
        pools.ifPresent(known -> PoolWarnings.add(asking, known, warnings));
        ExcludingVariables.add(asking, warnings);
      }
    }
    return new Answer(subject.pod() ? patch : JSON.arrayNode(), warnings.toList());
  }

  private static List<Container> containers(Subject subject) {
    return Stream.concat(
            subject.spec().getInitContainers().stream(), subject.spec().getContainers().stream())
        .filter(Objects::nonNull)
        .toList();
  }

  private static boolean wantsGate(Subject subject) {
    return text(subject.metadata().getLabels(), PodMetadata.READINESS_GATE_LABEL)
            .filter("true"::equals)
            .isPresent()
        && subject.spec().getReadinessGates().stream()
            .filter(Objects::nonNull)
            .noneMatch(gate -> PodMetadata.GID_ASSIGNED_CONDITION.equals(gate.getConditionType()));
  }

  private static void addGate(List<PodReadinessGate> gates, ArrayNode patch) {
    var gate = JSON.objectNode().put("conditionType", PodMetadata.GID_ASSIGNED_CONDITION);
    var operation = patch.addObject().put("op", "add");
    if (gates.isEmpty()) {
      operation.put("path", "/spec/readinessGates").set("value", JSON.arrayNode().add(gate));
    } else {
      operation.put("path", "/spec/readinessGates/-").set("value", gate);
    }
  }

  private static Optional<String> text(@Nullable Map<String, String> texts, String key) {
    return texts == null || !texts.containsKey(key)
        ? Optional.empty()
        : Optional.of(Objects.requireNonNullElse(texts.get(key), ""));
  }
}
