package io.rdmagid.operator.assignment;

import io.fabric8.kubernetes.api.model.PodCondition;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One pod, which remembers what is written to it; a write can fail. */
final class FakePodApi implements PodApi {
  final Map<String, PodEvent> told = new LinkedHashMap<>();
  int writes;
  int failingWrite;
  private final PodRef pod;
  Set<String> ended = Set.of();
  Map<String, Map<String, Long>> asked = Map.of();
  private boolean terminating;
  private @Nullable String annotation;
  private @Nullable PodCondition condition;

  FakePodApi(PodRef pod, @Nullable String annotation, @Nullable PodCondition condition) {
    this.pod = pod;
    this.annotation = annotation;
    this.condition = condition;
  }

  void terminate() {
    terminating = true;
  }

  @Nullable String annotation() {
    return annotation;
  }

  @Nullable PodCondition condition() {
    return condition;
  }

  @Override
  public Optional<PodState> get(String namespace, String name) {
    return namespace.equals(pod.namespace()) && name.equals(pod.name())
        ? Optional.of(new PodState(pod.uid(), terminating, annotation, condition, ended, asked))
        : Optional.empty();
  }

  @Override
  public void tell(PodRef to, PodEvent event) {
    write();
    told.putIfAbsent(event.objectName(to.name(), to.uid()), event);
  }

  @Override
  public Written annotate(PodRef to, @Nullable String text) {
    write();
    if (!to.equals(pod)) {
      return Written.GONE;
    }
    annotation = text;
    return Written.DONE;
  }

  @Override
  public Written setCondition(PodRef to, PodCondition next) {
    write();
    if (!to.equals(pod)) {
      return Written.GONE;
    }
    condition = next;
    return Written.DONE;
  }

  private void write() {
    writes++;
    if (writes == failingWrite) {
      throw new IllegalStateException("write " + writes + " fails");
    }
  }
}
