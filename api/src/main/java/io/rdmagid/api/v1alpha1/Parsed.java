package io.rdmagid.api.v1alpha1;

import io.rdmagid.gid.GidEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@link RdmaGidParser} makes of an {@link RdmaGid}. */
public sealed interface Parsed {
  /**
   * All of the object's spec and GIDs is understood.
   *
   * @param nodeName the Node's name, never empty
   * @param device the RDMA device's name, never empty
   * @param port the port's number, 1 to 255
   * @param gids the entries shown, in the object's order, no two with one index
   * @param preferred the preferred entry; null where the object names none. Its ifindex is 0 where
   *     {@code gids} does not hold it, as on a truncated object
   */
  record Valid(
      String nodeName, String device, int port, List<GidEntry> gids, @Nullable GidEntry preferred)
      implements Parsed {
    public Valid {
      gids = List.copyOf(gids);
    }
  }

  /**
   * Something of the object is missing, contradictory, or of a version this one does not know.
   *
   * @param problems all of them, at least one
   */
  record Invalid(List<Problem> problems) implements Parsed {
    public Invalid {
      problems = List.copyOf(problems);
    }
  }

  /**
   * One thing that is wrong.
   *
   * @param path where, such as {@code status.gids[3].type}
   * @param text what, without a full stop
   */
  record Problem(String path, String text) {
    @Override
    public String toString() {
      return path + " " + text;
    }
  }
}
