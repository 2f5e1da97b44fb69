package io.rdmagid.operator.cleaning;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a server has, as a test puts it there, and what it was asked. */
final class FakeCleaningApi implements CleaningApi {
  final Map<String, String> nodes = new HashMap<>();
  final Map<String, PodState> pods = new HashMap<>();
  final Map<String, OwnedGid> gids = new HashMap<>();
  final Map<String, FoundRecord> assignments = new HashMap<>();
  final List<String> asked = new ArrayList<>();
  final List<String> deleted = new ArrayList<>();

  /** What somebody else does after the object was read. */
  Runnable beforeDelete = () -> {};

  @Override
  public Optional<String> nodeUid(String name) {
    asked.add("node " + name);
    return Optional.ofNullable(nodes.get(name));
  }

  @Override
  public Optional<PodState> pod(String namespace, String name) {
    asked.add("pod " + namespace + "/" + name);
    return Optional.ofNullable(pods.get(namespace + "/" + name));
  }

  @Override
  public Optional<OwnedGid> gid(String name) {
    asked.add("gid " + name);
    return Optional.ofNullable(gids.get(name));
  }

  @Override
  public Optional<FoundRecord> assignment(String namespace, String name) {
    return Optional.ofNullable(assignments.get(namespace + "/" + name));
  }

  @Override
  public Deleted deleteGid(Version version) {
    beforeDelete.run();
    OwnedGid now = gids.get(version.name());
    if (now == null || !now.version().equals(version)) {
      return Deleted.CHANGED;
    }
    gids.remove(version.name());
    deleted.add(version.name());
    return Deleted.DONE;
  }

  @Override
  public Deleted deleteAssignment(String namespace, Version version) {
    beforeDelete.run();
    String key = namespace + "/" + version.name();
    FoundRecord now = assignments.get(key);
    if (now == null || !now.version().equals(version)) {
      return Deleted.CHANGED;
    }
    assignments.remove(key);
    deleted.add(key);
    return Deleted.DONE;
  }
}
