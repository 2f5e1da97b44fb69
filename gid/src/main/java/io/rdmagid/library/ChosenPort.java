package io.rdmagid.library;

import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidType;

/**
 * A port that a program uses, and the entry that it should take there.
 *
 * @param device the RDMA device's name
 * @param port its number, from 1
 * @param index the entry's slot
 * @param gid what the entry holds
 * @param type the entry's type
 */
public record ChosenPort(String device, int port, int index, Gid gid, GidType type) {
  /** Whether a library that picks so takes the entry. */
  boolean isTakenBy(Pick pick) {
    return pick instanceof Pick.Index(int taken, _) && taken == index;
  }
}
