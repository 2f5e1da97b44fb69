package io.rdmagid.assignment;

import java.util.List;

/**
 * What a pod holds.
 *
 * @param namespace the pod's
 * @param podName the pod's name
 * @param podUid the pod's uid
 * @param nodeName the name of the Node that it runs on
 * @param ports by container and in the order that the container sees them
 */
public record Assignment(
    String namespace, String podName, String podUid, String nodeName, List<AssignedPort> ports) {
  public Assignment {
    ports = List.copyOf(ports);
  }

  /** The same when the pod's sandbox has ended. */
  public Assignment released() {
    return new Assignment(
        namespace, podName, podUid, nodeName, ports.stream().map(AssignedPort::released).toList());
  }

  /** Whether the pod holds none of its ports any more. */
  public boolean isReleased() {
    return !ports.isEmpty()
        && ports.stream().allMatch(port -> port.state() == AssignmentState.RELEASED);
  }
}
