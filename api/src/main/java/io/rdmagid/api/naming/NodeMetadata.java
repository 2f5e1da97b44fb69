package io.rdmagid.api.naming;

/** The keys that the agent writes on its Node. */
public final class NodeMetadata {
  /**
   * Annotation with the preferred entry of every port: a {@link io.rdmagid.api.v1alpha1.NodeGids}
   * as JSON.
   */
  public static final String GIDS_ANNOTATION = "rdmagid.io/gids";

  /** Label with the number of RDMA ports of the node, in decimal. */
  public static final String PORTS_LABEL = "rdmagid.io/ports";

  /**
   * Label that is {@code true} on a node that has a RoCE v2 entry to prefer, else {@code false}.
   */
  public static final String ROCE_V2_LABEL = "rdmagid.io/rocev2";

  /** Of labels that are {@code true}, one for each pool that has ports of the node: its name. */
  public static final String POOL_LABEL_PREFIX = "pool.rdmagid.io/";

  private NodeMetadata() {}
}
