package io.rdmagid.operator.job;

/**
 * Which pods are one job.
 *
 * @param namespace of all its pods
 * @param id the same for the pods of the job and for no others of the namespace
 * @param name for people, such as {@code JobSet train}
 */
public record GroupKey(String namespace, String id, String name) {
  /** By the label that people write. */
  public static GroupKey ofLabel(String namespace, String value) {
    return new GroupKey(namespace, "label/" + value, "group " + value);
  }

  /** By the object that the pods come from. */
  public static GroupKey ofOwner(String namespace, OwnerApi.Owner owner) {
    return new GroupKey(namespace, "uid/" + owner.uid(), owner.kind() + " " + owner.name());
  }

  /** By the object that the pods come from, and which of its replicas they are. */
  public static GroupKey ofReplica(String namespace, OwnerApi.Owner owner, String replica) {
    GroupKey all = ofOwner(namespace, owner);
    return new GroupKey(namespace, all.id() + "/" + replica, all.name() + " replica " + replica);
  }
}
