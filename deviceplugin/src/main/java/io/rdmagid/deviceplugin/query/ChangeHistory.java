package io.rdmagid.deviceplugin.query;

import io.rdmagid.proto.gidtable.Changes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The changes of the last readings, one message each for all who watch. Whoever is further behind
 * has lost them: so what is kept has a bound that does not depend on how clients read. Belongs to
 * the edge's thread.
 */
final class ChangeHistory {
  static final int MOST_READINGS = 64;
  static final int MOST_BYTES = 1024 * 1024;

  private final List<Changes> kept = new ArrayList<>();
  private int bytes;

  /** Adds the next reading's; the newest one stays, however long it is. */
  void add(Changes changes) {
    kept.add(changes);
    bytes += changes.getSerializedSize();
    while (kept.size() > MOST_READINGS || (bytes > MOST_BYTES && kept.size() > 1)) {
      bytes -= kept.removeFirst().getSerializedSize();
    }
  }

  /** Nobody watches. */
  void clear() {
    kept.clear();
    bytes = 0;
  }

  /** The changes that follow a revision; empty if they are no longer kept. */
  Optional<Changes> after(long revision) {
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    long place = revision + 1 - kept.getFirst().getRevision();
    return place >= 0 && place < kept.size()
        ? Optional.of(kept.get((int) place))
        : Optional.empty();
  }
}
