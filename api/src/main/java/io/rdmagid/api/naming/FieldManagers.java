package io.rdmagid.api.naming;

/** Who rdmagid's processes are to server-side apply. */
public final class FieldManagers {
  /** The agent of a node, the same on all nodes: an object has one agent. */
  public static final String AGENT = "rdmagid-agent";

  /** The operator. */
  public static final String OPERATOR = "rdmagid-operator";

  /** The operator's failover, which writes its part of a pool's status by itself. */
  public static final String FAILOVER = "rdmagid-failover";

  private FieldManagers() {}
}
