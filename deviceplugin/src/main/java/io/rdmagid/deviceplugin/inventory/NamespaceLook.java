package io.rdmagid.deviceplugin.inventory;

import org.jspecify.annotations.Nullable;

/** What a look into a network namespace gave. */
public sealed interface NamespaceLook {
  /** Its links. */
  record Seen(NamespaceView view) implements NamespaceLook {}

  /**
   * It cannot be looked into.
   *
   * @param reason for people, without a full stop
   */
  record Unseen(Why why, String reason) implements NamespaceLook {
    /** The system refuses to look into it. */
    public static Unseen refused(@Nullable String reason) {
      return new Unseen(Why.REFUSED, String.valueOf(reason));
    }
  }

  /** Why a namespace cannot be looked into. */
  enum Why {
    /** The file is not there: the namespace is gone, or never was. */
    GONE,
    /** The file is no network namespace. */
    NO_NAMESPACE,
    /** The system refuses. */
    REFUSED
  }
}
