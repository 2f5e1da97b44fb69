package io.rdmagid.kubectl.snapshot;

import io.fabric8.kubernetes.api.model.Condition;
import io.rdmagid.api.condition.Conditions;
import io.rdmagid.api.table.ShownTable;
import io.rdmagid.api.v1alpha1.RdmaGidStatus;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.pool.PortRef;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A port as its RdmaGid shows it.
 *
 * @param gids the entries of the host's network namespace that are shown
 * @param unusable the slots of those of them whose address no program can use now
 * @param preferred the entry that rdmagid prefers there
 * @param status all else; nothing of it is checked
 */
public record ClusterPort(
    PortRef ref,
    List<GidEntry> gids,
    Set<Integer> unusable,
    Optional<GidEntry> preferred,
    RdmaGidStatus status) {
  /** Type of the condition: the port is up and has an entry to prefer. */
  public static final String READY = "Ready";

  /** Type of the condition: the node's agent is alive. */
  public static final String REPORTING = "Reporting";

  /** Type of the condition: no library that is told lands elsewhere. */
  public static final String LIBRARIES_AGREE = "LibrariesAgree";

  /** What speaks against an entry that is {@linkplain #unusable() unusable}, for people. */
  public static final String UNUSABLE = "no program can use the address now";

  private static final String ACTIVE = "ACTIVE";

  public ClusterPort {
    gids = List.copyOf(gids);
    unusable = Set.copyOf(unusable);
  }

  /** Whether a program can use the address of this entry of the port now. */
  public boolean isUsable(GidEntry entry) {
    return table().isUsable(entry);
  }

  /** The entries that a program can use now: no others are chosen. */
  public List<GidEntry> usable() {
    return table().usable();
  }

  /** The entries, to hold against what an agent reported of them. */
  public ShownTable table() {
    return new ShownTable(gids, unusable, isTruncated());
  }

  /** Whether it carries traffic. */
  public boolean isActive() {
    return ACTIVE.equals(status.state());
  }

  /** Whether it has entries that are not shown. */
  public boolean isTruncated() {
    return Boolean.TRUE.equals(status.truncated());
  }

  /** The condition of that type where it says that something does not hold. */
  public Optional<Condition> failed(String type) {
    return Conditions.find(status.conditions(), type)
        .filter(condition -> "False".equals(condition.getStatus()));
  }
}
