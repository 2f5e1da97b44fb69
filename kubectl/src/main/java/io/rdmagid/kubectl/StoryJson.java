package io.rdmagid.kubectl;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rdmagid.gid.IpSubnet;
import io.rdmagid.kubectl.explain.LibraryFate;
import io.rdmagid.kubectl.explain.PodStory;
import io.rdmagid.kubectl.explain.PortStory;
import io.rdmagid.pool.EffectiveRule;

/** A pod's story for scripts, with the words of the API objects. */
final class StoryJson {
  private StoryJson() {}

  static ObjectNode of(PodStory story) {
    ObjectNode object =
        JsonNodeFactory.instance
            .objectNode()
            .put("namespace", story.pod().name().namespace())
            .put("pod", story.pod().name().name())
            .put("podUID", story.pod().assignment().podUid())
            .put("nodeName", story.pod().assignment().nodeName());
    ArrayNode ports = object.putArray("ports");
    story.ports().forEach(port -> ports.add(of(story, port)));
    ArrayNode conditions = object.putArray("conditions");
    story
        .conditions()
        .forEach(said ->
            conditions
                .addObject()
                .put("type", said.type())
                .put("status", said.status())
                .put("reason", said.reason())
                .put("message", said.message())
                .put("lastTransitionTime", said.since()));
    ArrayNode events = object.putArray("events");
    story
        .events()
        .forEach(event ->
            events
                .addObject()
                .put("time", event.time())
                .put("reason", event.reason())
                .put("note", event.note()));
    object.set("findings", Findings.json(story.findings()));
    return object;
  }

  private static ObjectNode of(PodStory pod, PortStory story) {
    ObjectNode object = PodRows.json(pod.pod(), story.port());
    story.rule().ifPresent(rule -> put(object.putObject("effective"), rule));
    story
        .shown()
        .map(shown -> shown.status().lastChangeTime())
        .ifPresent(time -> object.put("lastChangeTime", time));
    story
        .shown()
        .map(shown -> shown.status().state())
        .ifPresent(state -> object.put("portState", state));
    object.put("judgedBy", story.judgedBy().text());
    ArrayNode entries = object.putArray("entries");
    story
        .entries()
        .forEach(remark ->
            entries
                .addObject()
                .put("index", remark.entry().index())
                .put("type", remark.entry().type().text())
                .put("gid", remark.entry().gid().toString())
                .put("address", remark.entry().gid().address())
                .put("given", remark.given())
                .put("remark", remark.remark()));
    ArrayNode libraries = object.putArray("libraries");
    story.libraries().forEach(fate -> put(libraries.addObject(), fate));
    return object;
  }

  /** The rule of the pool now. */
  private static void put(ObjectNode object, EffectiveRule rule) {
    object
        .put("type", rule.rule().type().text())
        .put("family", rule.rule().family().text())
        .put("scope", rule.scope().text())
        .put("revision", rule.revision());
    ArrayNode subnets = object.putArray("subnets");
    rule.rule().subnets().stream().map(IpSubnet::toString).forEach(subnets::add);
  }

  private static void put(ObjectNode object, LibraryFate fate) {
    object.put("library", fate.library());
    if (fate.index().isPresent()) {
      object.put("index", fate.index().getAsInt());
    } else {
      object.putNull("index");
    }
    switch (fate.lands()) {
      case YES -> object.put("lands", true);
      case NO -> object.put("lands", false);
      case UNKNOWN -> object.putNull("lands");
    }
    object.put("why", fate.why());
  }
}
