package io.rdmagid.api.v1alpha1;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.assignment.Assignment;
import io.rdmagid.assignment.AssignmentState;
import io.rdmagid.assignment.ContainerVariables;
import io.rdmagid.assignment.GidChoice;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidScope;
import io.rdmagid.gid.GidType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An {@link Assignment} as an {@link RdmaGidAssignment}, and back. */
public final class AssignmentMapping {
  private final FieldReader fields = new FieldReader();

  private AssignmentMapping() {}

  /** The object with what the agent owns of it: the pod's name, the pod as owner, no conditions. */
  public static RdmaGidAssignment object(Assignment assignment) {
    RdmaGidAssignment object = new RdmaGidAssignment();
    object.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(assignment.namespace())
            .withName(assignment.podName())
            .addNewOwnerReference()
            .withApiVersion("v1")
            .withKind("Pod")
            .withName(assignment.podName())
            .withUid(assignment.podUid())
            .endOwnerReference()
            .build());
    object.setSpec(new RdmaGidAssignmentSpec(assignment.nodeName(), assignment.podUid()));
    object.setStatus(new RdmaGidAssignmentStatus(rows(assignment), List.of()));
    return object;
  }

  /** The rows of the status. */
  public static List<AssignedPortRow> rows(Assignment assignment) {
    return assignment.ports().stream().map(AssignmentMapping::row).toList();
  }

  private static AssignedPortRow row(AssignedPort port) {
    GidChoice choice = port.choice().orElse(null);
    return new AssignedPortRow(
        port.container(),
        port.pool(),
        port.device(),
        port.port(),
        choice == null ? null : (Integer) choice.index(),
        choice == null ? null : choice.gid().toString(),
        choice == null ? null : choice.type().text(),
        choice == null || choice.netdev().isEmpty() ? null : choice.netdev(),
        choice == null ? null : choice.address(),
        port.scope().text(),
        port.state().text(),
        port.generation(),
        port.ruleRevision(),
        port.selectorVersion(),
        port.variables().injected(),
        port.variables().outdated(),
        port.variables().kept(),
        port.elsewhere());
  }

  /**
   * Reads metadata, spec and ports. Never throws. An object without a status yet is valid and has
   * no ports.
   */
  public static ParsedAssignment parse(RdmaGidAssignment object) {
    AssignmentMapping mapping = new AssignmentMapping();
    Optional<Assignment> assignment =
        mapping.assignment(object.getMetadata(), object.getSpec(), object.getStatus());
    return assignment.isPresent() && mapping.fields.problems().isEmpty()
        ? new ParsedAssignment.Valid(assignment.get())
        : new ParsedAssignment.Invalid(mapping.fields.problems());
  }

  private Optional<Assignment> assignment(
      @Nullable ObjectMeta metadata,
      @Nullable RdmaGidAssignmentSpec spec,
      @Nullable RdmaGidAssignmentStatus status) {
    if (metadata == null || spec == null) {
      fields.missing(metadata == null ? "metadata" : "spec");
      return Optional.empty();
    }
    String namespace = fields.text("metadata.namespace", metadata.getNamespace());
    String name = fields.text("metadata.name", metadata.getName());
    String nodeName = fields.text("spec.nodeName", spec.nodeName());
    String podUid = fields.text("spec.podUID", spec.podUID());
    List<AssignedPort> ports = new ArrayList<>();
    List<AssignedPortRow> rows = status == null ? List.of() : status.ports();
    for (int i = 0; i < rows.size(); i++) {
      port("status.ports[" + i + "]", rows.get(i)).ifPresent(ports::add);
    }
    return Optional.of(new Assignment(namespace, name, podUid, nodeName, ports));
  }

  /** Empty where anything of the row is wrong. */
  private Optional<AssignedPort> port(String path, AssignedPortRow row) {
    int before = fields.problems().size();
    String container = fields.text(path + ".container", row.container());
    String pool = fields.text(path + ".pool", row.pool());
    String device = fields.text(path + ".device", row.device());
    int port = fields.port(path + ".port", row.port());
    GidScope scope = fields.word(path + ".scope", row.scope(), "scope", GidScope::fromText);
    AssignmentState state =
        fields.word(path + ".state", row.state(), "state", AssignmentState::fromText);
    Optional<GidChoice> choice = state == null ? Optional.empty() : choice(path, row, state);
    long generation = fields.count(path + ".generation", row.generation());
    long ruleRevision = fields.count(path + ".ruleRevision", row.ruleRevision());
    long selectorVersion = fields.count(path + ".selectorVersion", row.selectorVersion());
    if (fields.problems().size() > before || scope == null || state == null) {
      return Optional.empty();
    }
    return Optional.of(
        new AssignedPort(
            container,
            pool,
            device,
            port,
            state,
            choice,
            scope,
            generation,
            ruleRevision,
            Math.toIntExact(selectorVersion),
            new ContainerVariables(row.injected(), row.outdated(), row.kept()),
            row.elsewhere()));
  }

  private Optional<GidChoice> choice(String path, AssignedPortRow row, AssignmentState state) {
    if (!state.hasChoice()) {
      if (row.gidIndex() != null) {
        fields.problem(path + ".gidIndex", "is there although the state is " + state.text());
      }
      return Optional.empty();
    }
    long index = fields.count(path + ".gidIndex", row.gidIndex());
    Gid gid = fields.gid(path + ".gid", row.gid());
    GidType type = fields.word(path + ".type", row.type(), "type", GidType::fromText);
    return gid == null || type == null || index < 0
        ? Optional.empty()
        : Optional.of(
            new GidChoice(
                Math.toIntExact(index), gid, type, row.netdev() == null ? "" : row.netdev()));
  }
}
