package io.rdmagid.kubectl;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rdmagid.kubectl.check.Finding;
import io.rdmagid.kubectl.snapshot.PodName;
import io.rdmagid.pool.PortRef;
import io.rdmagid.terminal.Tone;
import java.util.List;

/** What is wrong, for people and for scripts. */
final class Findings {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Findings() {}

  /** For people. */
  static FoldedTable table(List<Finding> findings) {
    FoldedTable table = new FoldedTable("FINDING", "WHERE", "WHAT");
    for (Finding finding : findings) {
      table.add(Tone.BAD, finding.kind().text(), finding.subject(), finding.message());
    }
    return table;
  }

  /** An object each. */
  static ArrayNode json(List<Finding> findings) {
    ArrayNode array = JSON.arrayNode();
    findings.forEach(finding -> array.add(json(finding)));
    return array;
  }

  /**
   * {@code {"kind": …, …, "message": …}}: between them what it is about, by the same names
   * everywhere.
   */
  static ObjectNode json(Finding finding) {
    ObjectNode object = JSON.objectNode().put("kind", finding.kind().text());
    switch (finding) {
      case Finding.OfPort port -> put(object, port.port());
      case Finding.OfNode node -> object.put("nodeName", node.node());
      case Finding.OfPool pool -> object.put("pool", pool.pool());
      case Finding.OfPod pod -> put(object, pod.pod());
      case Finding.OfContainer container ->
          put(
              put(object, container.pod()).put("container", container.container()),
              container.port());
      case Finding.OfGroup group -> {
        object.put("namespace", group.namespace()).put("group", group.group());
        ArrayNode pods = object.putArray("pods");
        group.pods().forEach(pod -> put(pods.addObject(), pod));
      }
      case Finding.DuplicateOfPorts duplicate -> {
        object.put("pool", duplicate.pool()).put("address", duplicate.gid().address());
        ArrayNode ports = object.putArray("ports");
        duplicate.ports().forEach(port -> put(ports.addObject(), port));
      }
      case Finding.DuplicateOfPods duplicate -> {
        object.put("pool", duplicate.pool()).put("address", duplicate.gid().address());
        ArrayNode pods = object.putArray("pods");
        duplicate.pods().forEach(pod -> put(pods.addObject(), pod));
      }
      case Finding.OfObject unread -> {
        object.put("object", unread.object().kind());
        if (!unread.object().namespace().isEmpty()) {
          object.put("namespace", unread.object().namespace());
        }
        object.put("name", unread.object().name());
      }
    }
    return object.put("message", finding.message());
  }

  private static ObjectNode put(ObjectNode object, PortRef port) {
    return object
        .put("nodeName", port.node())
        .put("device", port.device())
        .put("port", port.port());
  }

  private static ObjectNode put(ObjectNode object, PodName pod) {
    return object.put("namespace", pod.namespace()).put("pod", pod.name());
  }
}
