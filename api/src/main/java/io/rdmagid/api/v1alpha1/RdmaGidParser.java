package io.rdmagid.api.v1alpha1;

import io.rdmagid.api.v1alpha1.Parsed.Problem;
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
  private static final int LAST_PORT = 255;
  private static final String MISSING = "is missing or of the wrong type";

  private final List<Problem> problems = new ArrayList<>();

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
      problem("spec", MISSING);
    } else {
      nodeName = text("spec.nodeName", spec.nodeName());
      device = text("spec.device", spec.device());
      port = port(spec.port());
    }
    List<GidEntry> gids = status == null ? List.of() : gids(status.gids());
    PreferredGid shown = status == null ? null : status.preferred();
    GidEntry preferred = shown == null ? null : preferred(shown, gids).orElse(null);
    return problems.isEmpty()
        ? new Parsed.Valid(nodeName, device, port, gids, preferred)
        : new Parsed.Invalid(problems);
  }

  private int port(@Nullable Integer port) {
    if (port == null) {
      problem("spec.port", MISSING);
      return 0;
    }
    if (port < 1 || port > LAST_PORT) {
      problem("spec.port", "is not 1 to " + LAST_PORT + ": " + port);
    }
    return port;
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
              problem(path + ".index", "stands there twice: " + entry.index());
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
      problem(path + ".index", MISSING);
    } else if (index < 0) {
      problem(path + ".index", "is negative: " + index);
    }
    Integer ifindex = row.ifindex() == null ? Integer.valueOf(0) : row.ifindex();
    if (ifindex < 0) {
      problem(path + ".ifindex", "is negative: " + ifindex);
    }
    Gid gid = gid(path + ".gid", row.gid());
    GidType type = type(path + ".type", row.type());
    if (index == null || index < 0 || ifindex < 0 || gid == null || type == null) {
      return Optional.empty();
    }
    return Optional.of(
        new GidEntry(index, gid, type, ifindex, row.netdev() == null ? "" : row.netdev()));
  }

  private @Nullable Gid gid(String path, @Nullable String text) {
    if (text == null) {
      problem(path, MISSING);
      return null;
    }
    try {
      Gid gid = Gid.parse(text);
      if (!gid.isZero()) {
        return gid;
      }
      problem(path, "is zero, which is an empty slot");
    } catch (IllegalArgumentException e) {
      problem(path, "is no GID: '" + text + "'");
    }
    return null;
  }

  private @Nullable GidType type(String path, @Nullable String text) {
    if (text == null) {
      problem(path, MISSING);
      return null;
    }
    Optional<GidType> type = GidType.fromText(text);
    if (type.isEmpty()) {
      problem(path, "is no type that this version knows: '" + text + "'");
    }
    return type.orElse(null);
  }

  private String text(String path, @Nullable String text) {
    if (text == null || text.isEmpty()) {
      problem(path, MISSING);
      return "";
    }
    return text;
  }

  private void problem(String path, String text) {
    problems.add(new Problem(path, text));
  }
}
