package io.rdmagid.kubectl.explain;

import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.assignment.GidChoice;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidSelector;
import io.rdmagid.kubectl.explain.LibraryFate.Lands;
import io.rdmagid.kubectl.snapshot.ClusterPort;
import io.rdmagid.kubectl.snapshot.KnownPool;
import io.rdmagid.kubectl.snapshot.PodAssignment;
import io.rdmagid.kubectl.snapshot.Snapshot;
import io.rdmagid.library.ChosenPort;
import io.rdmagid.library.GidTable;
import io.rdmagid.library.Libraries;
import io.rdmagid.library.Library;
import io.rdmagid.library.LibrarySetup;
import io.rdmagid.library.Pick;
import io.rdmagid.library.Settings;
import io.rdmagid.library.ToldLibrary;
import io.rdmagid.library.ToldPort;
import io.rdmagid.pool.PortFacts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What each library makes of a port: simulated where the cluster has the table, else reported. */
final class LibraryFates {
  private static final GidTable NO_TABLE = new GidTable(false, 0, List.of(), Set.of());

  private LibraryFates() {}

  /**
   * The fates.
   *
   * @param shown the port, where the host's table is the one that the container chooses from
   */
  static List<LibraryFate> of(
      Snapshot snapshot, PodAssignment pod, AssignedPort port, Optional<ClusterPort> shown) {
    if (port.choice().isEmpty()) {
      return List.of();
    }
    Optional<GidTable> table = shown.filter(known -> !known.isTruncated()).map(LibraryFates::table);
    return table.isPresent()
        ? simulated(snapshot, pod, port, table.get()).stream()
            .map(fate -> found(fate, port))
            .toList()
        : asTheAgentFound(snapshot, pod, port);
  }

  /** The agent knows the whole table: what it found counts more than what seems to land here. */
  private static LibraryFate found(LibraryFate simulated, AssignedPort port) {
    return simulated.lands() == Lands.YES && port.elsewhere().contains(simulated.library())
        ? reported(simulated.library())
        : simulated;
  }

  private static LibraryFate reported(String library) {
    return new LibraryFate(library, OptionalInt.empty(), Lands.NO, "as the agent found");
  }

  private static GidTable table(ClusterPort port) {
    int last = port.gids().stream().mapToInt(GidEntry::index).max().orElse(-1);
    Integer told = port.status().gidTableLength();
    return new GidTable(
        PortFacts.INFINIBAND.equals(port.status().linkLayer()),
        Math.max(last + 1, told == null ? 0 : told),
        port.gids(),
        Set.of());
  }

  private static List<LibraryFate> simulated(
      Snapshot snapshot, PodAssignment pod, AssignedPort port, GidTable table) {
    Map<String, String> environment = environment(snapshot, pod, port);
    int given = port.choice().map(GidChoice::index).orElseThrow();
    return libraries().map(library -> fate(library, port, table, environment, given)).toList();
  }

  /**
   * By what is told to libraries, and which of these the agent, who sees the table, found astray.
   * What it knew of libraries goes with its version of the selection.
   */
  private static List<LibraryFate> asTheAgentFound(
      Snapshot snapshot, PodAssignment pod, AssignedPort port) {
    Map<String, String> environment = environment(snapshot, pod, port);
    LibrarySetup setup = told(snapshot, port).map(ToldPort::setup).orElseThrow();
    int given = port.choice().map(GidChoice::index).orElseThrow();
    return libraries()
        .map(library -> {
          if (kept(library, port).isEmpty()) {
            if (port.elsewhere().contains(library.name())) {
              return reported(library.name());
            }
            if (!Libraries.TOLD.contains(library) || !setup.tells(library)) {
              return unknown(library, "told nothing, and only the agent sees the table");
            }
            if (library instanceof Library) {
              return port.selectorVersion() == GidSelector.VERSION
                  ? new LibraryFate(
                      library.name(),
                      OptionalInt.of(given),
                      Lands.YES,
                      "told so; the agent found no other")
                  : unknown(library, "told by an agent of another version");
            }
          }
          // Its own variables, or a library that goes by what it is told, whatever the table.
          return fate(library, port, NO_TABLE, environment, given);
        })
        .toList();
  }

  private static LibraryFate unknown(ToldLibrary library, String why) {
    return new LibraryFate(library.name(), OptionalInt.empty(), Lands.UNKNOWN, why);
  }

  /** Those whose choice is simulated, then those that are only told. */
  private static Stream<ToldLibrary> libraries() {
    return Stream.concat(
        Libraries.ALL.stream(),
        Libraries.TOLD.stream().filter(library -> !(library instanceof Library)));
  }

  /** What the container's program is told, of all its ports. */
  private static Map<String, String> environment(
      Snapshot snapshot, PodAssignment pod, AssignedPort port) {
    List<ToldPort> program =
        pod.assignment().ports().stream()
            .filter(other -> other.container().equals(port.container()))
            .flatMap(other -> told(snapshot, other).stream())
            .toList();
    return Settings.of(program).all();
  }

  private static Optional<ToldPort> told(Snapshot snapshot, AssignedPort port) {
    LibrarySetup setup =
        snapshot
            .pool(port.pool())
            .map(KnownPool::pool)
            .map(pool -> new LibrarySetup(pool.libraries(), pool.trafficClass()))
            .orElse(LibrarySetup.ALL)
            .steered(
                Libraries.TOLD.stream()
                    .filter(library -> !kept(library, port).isEmpty())
                    .map(ToldLibrary::name)
                    .collect(Collectors.toSet()));
    return port.choice()
        .map(choice ->
            new ToldPort(
                new ChosenPort(
                    port.device(), port.port(), choice.index(), choice.gid(), choice.type()),
                setup));
  }

  /** The variables of the pod's own that tell this library. */
  private static List<String> kept(ToldLibrary library, AssignedPort port) {
    return port.variables().kept().stream().filter(library.variables()::contains).toList();
  }

  private static LibraryFate fate(
      ToldLibrary library,
      AssignedPort port,
      GidTable table,
      Map<String, String> environment,
      int given) {
    List<String> kept = kept(library, port);
    if (!kept.isEmpty()) {
      return unknown(
          library,
          kept.size() == 1
              ? "the pod's own " + kept.getFirst() + " tells it"
              : "variables of the pod's own tell it");
    }
    Map<String, String> told = new HashMap<>(environment);
    if (!(library instanceof Library)) {
      told.keySet().retainAll(library.variables());
    }
    return switch (library.takes(table, told).orElse(null)) {
      case null -> unknown(library, "nobody knows what it takes");
      case Pick.Index(int index, String why) ->
          new LibraryFate(
              library.name(), OptionalInt.of(index), index == given ? Lands.YES : Lands.NO, why);
      case Pick.None(String why) ->
          new LibraryFate(library.name(), OptionalInt.empty(), Lands.NO, why);
    };
  }
}
