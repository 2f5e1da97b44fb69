package io.rdmagid.library;

/** What NCCL and UCX make of an InfiniBand port; when there is a FLID they see differently. */
final class RouterFlid {
  private RouterFlid() {}

  /** Slot 1 where it has a router's FLID, else slot 0. */
  static Pick pick(boolean inSlotOne) {
    return inSlotOne
        ? new Pick.Index(1, "InfiniBand: index 1 has a router's FLID")
        : new Pick.Index(0, "InfiniBand: index 0, where index 1 has no router's FLID");
  }
}
