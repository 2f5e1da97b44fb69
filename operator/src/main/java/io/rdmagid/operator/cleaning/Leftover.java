package io.rdmagid.operator.cleaning;

import io.rdmagid.operator.cleaning.CleaningApi.PodState;
import java.util.Optional;
import java.util.Set;

/** Why an object has no business to be there. */
enum Leftover {
  /** The Node of that name is not there. */
  NODE_GONE("NodeGone"),
  /** The object is owned by a former Node of that name, and by none that is there. */
  NODE_REPLACED("NodeReplaced"),
  /** The pod of that name is not there. */
  POD_GONE("PodGone"),
  /** Another pod has that name. */
  POD_REPLACED("PodReplaced"),
  /** The pod has ended, and its agent never said that it holds nothing. */
  POD_ENDED("PodEnded");

  private final String text;

  Leftover(String text) {
    this.text = text;
  }

  /** The word used in logs. */
  String text() {
    return text;
  }

  /**
   * Whether an RdmaGid is left over. One without an owner is not while there is a Node of the name:
   * that one's agent will own it.
   *
   * @param owners the uids of the Nodes that own it
   * @param nodeUid of the Node that it names; empty where there is none
   */
  static Optional<Leftover> ofNode(Set<String> owners, Optional<String> nodeUid) {
    if (nodeUid.isEmpty()) {
      return Optional.of(NODE_GONE);
    }
    return owners.isEmpty() || owners.contains(nodeUid.get())
        ? Optional.empty()
        : Optional.of(NODE_REPLACED);
  }

  /**
   * Whether an assignment is left over. One whose pod has ended is only if it says that the pod
   * holds a port: else it is what people can still read of that pod.
   *
   * @param pod of the assignment's name; empty where there is none
   */
  static Optional<Leftover> ofPod(PodRecord record, Optional<PodState> pod) {
    if (pod.isEmpty()) {
      return Optional.of(POD_GONE);
    }
    if (!pod.get().uid().equals(record.podUid())) {
      return Optional.of(POD_REPLACED);
    }
    return pod.get().ended() && record.holds() ? Optional.of(POD_ENDED) : Optional.empty();
  }
}
