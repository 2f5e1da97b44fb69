package io.rdmagid.api.naming;

/** The keys that rdmagid reads and writes on Pods. */
public final class PodMetadata {
  /** Annotation with a copy of the pod's assignment; the operator writes it. */
  public static final String ASSIGNMENT_ANNOTATION = "rdmagid.io/assignment";

  /**
   * Condition that is True once every container has its GID; the operator writes it, and a pod can
   * name it as a readiness gate.
   */
  public static final String GID_ASSIGNED_CONDITION = "rdmagid.io/GidAssigned";

  /** Label with the name of the pod's job, within its namespace; people write it. */
  public static final String GROUP_LABEL = "rdmagid.io/group";

  /**
   * Label {@code true} of a pod that wants the condition {@link #GID_ASSIGNED_CONDITION} as a
   * readiness gate without listing it; people write it, the operator's webhook reads it.
   */
  public static final String READINESS_GATE_LABEL = "rdmagid.io/readiness-gate";

  private PodMetadata() {}
}
