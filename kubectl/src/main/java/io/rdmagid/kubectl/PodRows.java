package io.rdmagid.kubectl;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.assignment.AssignmentState;
import io.rdmagid.assignment.GidChoice;
import io.rdmagid.kubectl.snapshot.PodAssignment;
import io.rdmagid.terminal.TextTable;
import io.rdmagid.terminal.Tone;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The ports that pods hold, a line each. */
final class PodRows {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private PodRows() {}

  /**
   * For people: what fits a terminal of 80 columns with usual names, and with {@code wide} the rest
   * behind it, as kubectl does.
   *
   * @param namespaces whether the namespace is told
   */
  static TextTable table(List<PodAssignment> pods, boolean namespaces, boolean wide) {
    List<String> header = new ArrayList<>();
    if (namespaces) {
      header.add("NAMESPACE");
    }
    header.addAll(List.of("POD", "NODE", "DEVICE/PORT", "INDEX", TextTable.ADDRESS, "STATE"));
    if (wide) {
      header.addAll(List.of("CONTAINER", "POOL", "NETDEV", "TYPE", "SCOPE", "SWAPS", "RULE"));
      header.addAll(List.of("OUTDATED", "KEPT", "ELSEWHERE"));
    }
    TextTable table = new TextTable(header.toArray(String[]::new));
    for (PodAssignment pod : pods) {
      for (AssignedPort port : pod.assignment().ports()) {
        table.add(tone(port), row(pod, port, namespaces, wide).toArray(String[]::new));
      }
    }
    return table;
  }

  private static Tone tone(AssignedPort port) {
    return switch (port.state()) {
      case CURRENT -> port.variables().outdated().isEmpty() ? Tone.PLAIN : Tone.CHANGED;
      case PENDING -> Tone.CHANGED;
      case STALE, NONE -> Tone.BAD;
      case RELEASED -> Tone.FAINT;
    };
  }

  private static List<String> row(
      PodAssignment pod, AssignedPort port, boolean namespaces, boolean wide) {
    Optional<GidChoice> choice = port.choice();
    List<String> row = new ArrayList<>();
    if (namespaces) {
      row.add(pod.name().namespace());
    }
    row.add(pod.name().name());
    row.add(pod.assignment().nodeName());
    row.add(port.device() + "/" + port.port());
    row.add(choice.map(c -> Integer.toString(c.index())).orElse(""));
    row.add(choice.map(GidChoice::address).orElse(""));
    row.add(port.state().text());
    if (wide) {
      row.add(port.container());
      row.add(port.pool());
      row.add(choice.map(GidChoice::netdev).orElse(""));
      row.add(choice.map(c -> c.type().text()).orElse(""));
      row.add(port.scope().text());
      row.add(Long.toString(port.generation()));
      row.add(Long.toString(port.ruleRevision()));
      row.add(String.join(",", port.variables().outdated()));
      row.add(String.join(",", port.variables().kept()));
      row.add(String.join(",", port.elsewhere()));
    }
    return row;
  }

  /** For scripts, with the words of the API objects. */
  static ObjectNode json(PodAssignment pod, AssignedPort port) {
    ObjectNode object =
        JSON.objectNode()
            .put("namespace", pod.name().namespace())
            .put("pod", pod.name().name())
            .put("podUID", pod.assignment().podUid())
            .put("container", port.container())
            .put("pool", port.pool())
            .put("nodeName", pod.assignment().nodeName())
            .put("device", port.device())
            .put("port", port.port());
    port.choice()
        .ifPresent(choice ->
            object
                .put("netdev", choice.netdev())
                .put("gidIndex", choice.index())
                .put("type", choice.type().text())
                .put("gid", choice.gid().toString())
                .put("address", choice.address()));
    object
        .put("scope", port.scope().text())
        .put("state", port.state().text())
        .put("current", port.state() == AssignmentState.CURRENT)
        .put("generation", port.generation())
        .put("ruleRevision", port.ruleRevision())
        .put("selectorVersion", port.selectorVersion());
    texts(object.putArray("injected"), port.variables().injected());
    texts(object.putArray("outdated"), port.variables().outdated());
    texts(object.putArray("kept"), port.variables().kept());
    texts(object.putArray("elsewhere"), port.elsewhere());
    return object;
  }

  private static void texts(ArrayNode array, List<String> texts) {
    texts.forEach(array::add);
  }
}
