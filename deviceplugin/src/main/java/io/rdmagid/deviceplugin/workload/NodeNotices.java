package io.rdmagid.deviceplugin.workload;

/** Takes what people should find at the Node. Called by any thread; must not block. */
@FunctionalInterface
public interface NodeNotices {
  /** To be told once. */
  void tell(NodeNotice notice);
}
