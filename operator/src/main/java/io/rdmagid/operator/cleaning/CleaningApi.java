package io.rdmagid.operator.cleaning;

import java.util.Optional;
import java.util.Set;

/**
 * The calls on the API server that cleaning needs: what is there now, not what an informer heard
 * last. Each is one request; a refusal or a broken connection is a {@link
 * io.fabric8.kubernetes.client.KubernetesClientException}. Safe for use by any thread.
 */
interface CleaningApi {
  /** The uid of the Node of that name. */
  Optional<String> nodeUid(String name);

  /** The pod of that name, whatever its uid. */
  Optional<PodState> pod(String namespace, String name);

  /** The RdmaGid of that name. */
  Optional<OwnedGid> gid(String name);

  /** The assignment of that name; empty, too, where it does not say whose it is. */
  Optional<FoundRecord> assignment(String namespace, String name);

  /** Deletes an RdmaGid as it was found, and no other. */
  Deleted deleteGid(Version version);

  /** Deletes an assignment as it was found, and no other. */
  Deleted deleteAssignment(String namespace, Version version);

  /**
   * What matters of a Pod.
   *
   * @param ended whether all its containers have ended and none will start: phase Succeeded or
   *     Failed
   */
  record PodState(String uid, boolean ended) {}

  /** An object as it was at one moment: another of its name has another resourceVersion. */
  record Version(String name, String resourceVersion) {}

  /**
   * An RdmaGid.
   *
   * @param node the name of the Node that it is of
   * @param owners the uids of the Nodes that own it
   */
  record OwnedGid(Version version, String node, Set<String> owners) {
    public OwnedGid {
      owners = Set.copyOf(owners);
    }
  }

  /** An assignment. */
  record FoundRecord(Version version, PodRecord record) {}

  /** What became of a deletion. */
  enum Deleted {
    /** It is gone. */
    DONE,
    /** It changed, or went, before: it is left as it is. */
    CHANGED
  }
}
