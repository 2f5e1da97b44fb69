package io.rdmagid.deviceplugin.inventory;

/** What a look into a network namespace gave. */
public sealed interface NamespaceLook {
  /** Its links. */
  record Seen(NamespaceView view) implements NamespaceLook {}

  /**
   * It cannot be looked into: it is gone, or the kernel refuses.
   *
   * @param reason for people, without a full stop
   */
  record Unseen(String reason) implements NamespaceLook {}
}
