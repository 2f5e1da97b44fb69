package io.rdmagid.deviceplugin.netlink;

/** How often a dump that changes disturb is made again before it counts as refused. */
public enum Patience {
  /** Pauses of 0.3 s in all, for a thread that others wait for, and that asks again later. */
  SHORT(12),
  /** Pauses of 2.2 s in all: so many disturbed dumps in a row are no accident. */
  LONG(50);

  private final int tries;

  Patience(int tries) {
    this.tries = tries;
  }

  /** How many dumps are made at most. */
  int tries() {
    return tries;
  }
}
