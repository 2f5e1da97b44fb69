package io.rdmagid.operator.fact;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.rdmagid.api.v1alpha1.AssignedPortRow;
import io.rdmagid.api.v1alpha1.GidRow;
import io.rdmagid.api.v1alpha1.RdmaGid;
import io.rdmagid.api.v1alpha1.RdmaGidAssignment;
import io.rdmagid.api.v1alpha1.RdmaGidAssignmentSpec;
import io.rdmagid.api.v1alpha1.RdmaGidAssignmentStatus;
import io.rdmagid.api.v1alpha1.RdmaGidSpec;
import io.rdmagid.api.v1alpha1.RdmaGidStatus;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Objects whose texts are the ones that others have already. A fleet says few different things very
 * often, node, pool and variables with each port, and each object that was read has texts of its
 * own, which are more than all the rest of it. Texts that nobody has any more go by themselves.
 */
final class SharedTexts {
  private SharedTexts() {}

  /**
   * The object itself, or one with equal spec and status, and with what {@link FactStore} keeps of
   * metadata, its labels shared already, namespace, name and owners. Addresses stay as they are: no
   * two ports have one.
   */
  static <R extends HasMetadata> R in(R object) {
    return switch (object) {
      case RdmaGid gid -> same(object, of(gid));
      case RdmaGidAssignment assignment -> same(object, of(assignment));
      default -> object;
    };
  }

  /** The kinds are final in all but name: the client makes no classes of its own of them. */
  @SuppressWarnings("unchecked")
  private static <R extends HasMetadata> R same(R object, HasMetadata shared) {
    return object.getClass() == shared.getClass() ? (R) shared : object;
  }

  /** The one instance of a text. */
  static @Nullable String of(@Nullable String text) {
    return text == null ? null : text.intern();
  }

  /** An unmodifiable copy. */
  static Map<String, String> of(@Nullable Map<String, String> labels) {
    return labels == null
        ? Map.of()
        : labels.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    label -> label.getKey().intern(), label -> label.getValue().intern()));
  }

  private static List<String> of(List<String> texts) {
    return texts.stream().map(String::intern).toList();
  }

  private static RdmaGid of(RdmaGid object) {
    RdmaGid shared = new RdmaGid();
    shared.setMetadata(of(object.getMetadata()));
    RdmaGidSpec spec = object.getSpec();
    shared.setSpec(
        spec == null ? null : new RdmaGidSpec(of(spec.nodeName()), of(spec.device()), spec.port()));
    shared.setStatus(object.getStatus() == null ? null : of(object.getStatus()));
    return shared;
  }

  private static RdmaGidStatus of(RdmaGidStatus status) {
    return status.toBuilder()
        .linkLayer(of(status.linkLayer()))
        .state(of(status.state()))
        .netdev(of(status.netdev()))
        .pciAddress(of(status.pciAddress()))
        .pfName(of(status.pfName()))
        .driver(of(status.driver()))
        .vendorID(of(status.vendorID()))
        .deviceID(of(status.deviceID()))
        .gids(status.gids().stream().map(SharedTexts::of).toList())
        .pools(of(status.pools()))
        .conditions(conditions(status.conditions()))
        .build();
  }

  private static GidRow of(GidRow row) {
    return new GidRow(
        row.index(), row.gid(), of(row.type()), of(row.netdev()), row.ifindex(), row.address());
  }

  private static RdmaGidAssignment of(RdmaGidAssignment object) {
    RdmaGidAssignment shared = new RdmaGidAssignment();
    shared.setMetadata(of(object.getMetadata()));
    RdmaGidAssignmentSpec spec = object.getSpec();
    shared.setSpec(
        spec == null ? null : new RdmaGidAssignmentSpec(of(spec.nodeName()), of(spec.podUID())));
    RdmaGidAssignmentStatus status = object.getStatus();
    shared.setStatus(
        status == null
            ? null
            : new RdmaGidAssignmentStatus(
                status.ports().stream().map(SharedTexts::of).toList(),
                conditions(status.conditions())));
    return shared;
  }

  private static AssignedPortRow of(AssignedPortRow row) {
    return new AssignedPortRow(
        of(row.container()),
        of(row.pool()),
        of(row.device()),
        row.port(),
        row.gidIndex(),
        row.gid(),
        of(row.type()),
        of(row.netdev()),
        row.address(),
        of(row.scope()),
        of(row.state()),
        row.generation(),
        row.ruleRevision(),
        row.selectorVersion(),
        of(row.injected()),
        of(row.outdated()),
        of(row.kept()),
        of(row.elsewhere()));
  }

  /** A message is that of all pods of a job, or of all ports. */
  private static List<Condition> conditions(List<Condition> conditions) {
    return conditions.stream()
        .map(condition ->
            new ConditionBuilder(condition)
                .withType(of(condition.getType()))
                .withStatus(of(condition.getStatus()))
                .withReason(of(condition.getReason()))
                .withMessage(of(condition.getMessage()))
                .withLastTransitionTime(of(condition.getLastTransitionTime()))
                .build())
        .toList();
  }

  private static ObjectMeta of(ObjectMeta metadata) {
    return new ObjectMetaBuilder()
        .withNamespace(of(metadata.getNamespace()))
        .withName(of(metadata.getName()))
        .withUid(of(metadata.getUid()))
        .withResourceVersion(metadata.getResourceVersion())
        .withGeneration(metadata.getGeneration())
        .withLabels(metadata.getLabels())
        .withOwnerReferences(metadata.getOwnerReferences().stream().map(SharedTexts::of).toList())
        .build();
  }

  private static OwnerReference of(OwnerReference owner) {
    return new OwnerReferenceBuilder(owner).withUid(of(owner.getUid())).build();
  }
}
