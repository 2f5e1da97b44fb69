package io.rdmagid.deviceplugin.cluster;

import io.rdmagid.assignment.Assignment;
import java.util.Optional;

/**
 * The calls on the API server that the record of pods needs. Each is one request; a refusal or a
 * broken connection is a {@link io.fabric8.kubernetes.client.KubernetesClientException}.
 */
interface AssignmentApi {
  /** What the server has under a pod's name. */
  Optional<Recorded> find(String namespace, String podName);

  /** Makes the object, owned by the pod. */
  void create(Assignment assignment);

  /** Writes the ports. */
  void applyPorts(Assignment assignment);

  /** Deletes the object of another pod of the same name, and no other. */
  void delete(String namespace, String podName, String objectUid);

  /**
   * What the server has.
   *
   * @param objectUid the object's own uid
   * @param nodeName of the node that the pod runs on
   * @param assignment what it says; empty where that is not understood
   */
  record Recorded(
      String objectUid, String podUid, String nodeName, Optional<Assignment> assignment) {}
}
