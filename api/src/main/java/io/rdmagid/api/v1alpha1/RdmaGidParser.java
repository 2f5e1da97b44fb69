package io.rdmagid.api.v1alpha1;

import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns an {@link RdmaGid} into types that hold only what makes sense, and names all that does not.
 */
public final class RdmaGidParser {
  private final FieldReader fields = new FieldReader();

  private RdmaGidParser() {}

  /** Reads spec and GIDs. Never throws. An object without a status yet is valid and has no GIDs. */
  public static Parsed parse(RdmaGid object) {
    return new RdmaGidParser().read(object.getSpec(), object.getStatus());
  }

  private Parsed read(@Nullable RdmaGidSpec spec, @Nullable RdmaGidStatus status) {
    String nodeName = "";
    String device = "";
    int port = 0;
    if (spec == null) {
      fields.missing("spec");
    } else {
      nodeName = fields.text("spec.nodeName", spec.nodeName());
      device = fields.text("spec.device", spec.device());
      port = fields.port("spec.port", spec.port());
    }
    List<GidEntry> gids = status == null ? List.of() : gids(status.gids());
    PreferredGid shown = status == null ? null : status.preferred();
    GidEntry preferred = shown == null ? null : preferred(shown, gids).orElse(null);
    return fields.problems().isEmpty()
        ? new Parsed.Valid(nodeName, device, port, gids, preferred)
        : new Parsed.Invalid(fields.problems());
  }

  private List<GidEntry> gids(List<GidRow> rows) {
    List<GidEntry> entries = new ArrayList<>();
    Set<Integer> indices = new HashSet<>();
    for (int i = 0; i < rows.size(); i++) {
      String path = "status.gids[" + i + "]";
      entry(path, rows.get(i))
          .ifPresent(entry -> {
            entries.add(entry);
            if (!indices.add(entry.index())) {
              fields.problem(path + ".index", "stands there twice: " + entry.index());
            }
          });
    }
    return entries;
  }

  private Optional<GidEntry> preferred(PreferredGid shown, List<GidEntry> gids) {
    Optional<GidEntry> entry =
        entry(
            "status.preferred",
            new GidRow(
                shown.index(), shown.gid(), shown.type(), shown.netdev(), null, shown.address()));
    return entry.map(found ->
        gids.stream()
            .filter(row ->
                row.index() == found.index()
                    && row.gid().equals(found.gid())
                    && row.type() == found.type())
            .findFirst()
            .orElse(found));
  }

  private Optional<GidEntry> entry(String path, GidRow row) {
    Integer index = row.index();
    if (index == null) {
      fields.missing(path + ".index");
    } else if (index < 0) {
      fields.problem(path + ".index", "is negative: " + index);
    }
    Integer ifindex = row.ifindex() == null ? Integer.valueOf(0) : row.ifindex();
    if (ifindex < 0) {
      fields.problem(path + ".ifindex", "is negative: " + ifindex);
    }
    Gid gid = fields.gid(path + ".gid", row.gid());
    GidType type = fields.word(path + ".type", row.type(), "type", GidType::fromText);
    if (index == null || index < 0 || ifindex < 0 || gid == null || type == null) {
      return Optional.empty();
    }
    return Optional.of(
        new GidEntry(index, gid, type, ifindex, row.netdev() == null ? "" : row.netdev()));
  }
}
