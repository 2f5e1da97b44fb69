package io.rdmagid.deviceplugin.workload;

import io.rdmagid.assignment.AssignedPort;
import io.rdmagid.assignment.AssignmentState;
import io.rdmagid.assignment.ContainerVariables;
import io.rdmagid.deviceplugin.inventory.Inventory;
import io.rdmagid.deviceplugin.inventory.Port;
import io.rdmagid.gid.GidSelector;
import io.rdmagid.library.Elsewhere;
import io.rdmagid.library.Libraries;
import io.rdmagid.library.LibrarySetup;
import io.rdmagid.library.Settings;
import io.rdmagid.library.ToldLibrary;
import io.rdmagid.library.ToldPort;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What one container gets, all its pools together: the same set goes into each of its folders.
 *
 * @param container the container's name
 * @param ports by pool and number
 */
record ContainerSet(String container, List<PortOutcome> ports) {
  ContainerSet {
    ports = List.copyOf(ports);
  }

  /**
   * The set of these outcomes, with the libraries that will not do as they are told: where ports
   * need different indices there is no number to name, and a library goes by what it has instead.
   *
   * @param inventory which the outcomes were chosen from
   */
  static ContainerSet of(String container, List<PortOutcome> ports, Inventory inventory) {
    ContainerSet set = new ContainerSet(container, ports);
    if (!set.isComplete()) {
      return set;
    }
    List<ToldPort> program = set.told();
    return new ContainerSet(
        container,
        ports.stream()
            .map(outcome -> outcome.with(elsewhere(program, outcome, inventory)))
            .toList());
  }

  /** What a container can have that has claimed these. */
  static ContainerSet chosen(
      List<AllocationRecord> allocations, PortChooser chooser, Inventory inventory) {
    List<PortOutcome> outcomes = new ArrayList<>();
    String container = "";
    for (AllocationRecord record : allocations) {
      Claim claim = record.claim().orElseThrow();
      container = claim.container();
      outcomes.addAll(chooser.choose(record, claim.terms(), claim.sandbox()));
    }
    return of(container, outcomes, inventory);
  }

  private static List<String> elsewhere(
      List<ToldPort> program, PortOutcome outcome, Inventory inventory) {
    Optional<Port> port = outcome.port().in(inventory);
    return port.isEmpty() || outcome.told().isEmpty()
        ? List.of()
        : Libraries.elsewhere(program, outcome.told().get(), port.get().asLibrariesSeeIt()).stream()
            .map(Elsewhere::library)
            .toList();
  }

  /** The entries that libraries are told to take. */
  private List<ToldPort> told() {
    return ports.stream().flatMap(outcome -> outcome.told().stream()).toList();
  }

  /** What libraries are told: nothing unless every port has a choice. */
  Settings settings() {
    return isComplete() ? Settings.of(told()) : Settings.NONE;
  }

  /** Whether every port has a choice. */
  boolean isComplete() {
    return ports.stream().allMatch(port -> port.choice().isPresent());
  }

  /** Whether a port has no choice yet, and an address that would do is on its way. */
  boolean isLate() {
    return ports.stream().anyMatch(PortOutcome::late);
  }

  /** Whether a port has no choice because the system refused to look into the pod's namespace. */
  boolean isUnseen() {
    return ports.stream()
        .anyMatch(port -> port.obstacle().equals(Optional.of(Obstacle.NAMESPACE_REFUSED)));
  }

  /** The ports for which the container must not be made; empty where it may. */
  List<PortOutcome> objections() {
    return ports.stream().filter(PortOutcome::forbids).toList();
  }

  /** The state of the set as a whole: what its worst port is. */
  AssignmentState state() {
    for (AssignmentState state :
        List.of(AssignmentState.PENDING, AssignmentState.NONE, AssignmentState.STALE)) {
      if (ports.stream().anyMatch(port -> port.state() == state)) {
        return state;
      }
    }
    return AssignmentState.CURRENT;
  }

  /**
   * The variables that a container is made with: those by which it names its ports, and those of
   * libraries that read no file. What a file says is never also said by a variable, which would
   * keep the library from what the file says later.
   */
  SortedMap<String, String> variables() {
    SortedMap<String, String> variables = names();
    variables.putAll(settings().others());
    return variables;
  }

  /** The names of all variables by which an author decides what the pools' libraries take. */
  Set<String> decisive() {
    Set<String> names = new HashSet<>();
    for (PortOutcome outcome : ports) {
      LibrarySetup setup = outcome.terms().setup();
      for (ToldLibrary library : Libraries.TOLD) {
        if (setup.concerns(library)) {
          names.addAll(library.variables());
          library.trafficClassVariable().ifPresent(names::add);
        }
      }
    }
    return names;
  }

  /** The pools that it has ports of. */
  Set<String> pools() {
    return ports.stream().map(PortOutcome::pool).collect(Collectors.toSet());
  }

  /**
   * The variables by which a container names its ports: {@code RDMAGID_<POOL>_<n>_…}. A port
   * without a choice has device and number only.
   */
  SortedMap<String, String> names() {
    SortedMap<String, String> variables = new TreeMap<>();
    for (PortOutcome outcome : ports) {
      String prefix = ContainerVariables.prefix(outcome.pool()) + outcome.number() + "_";
      variables.put(prefix + "DEVICE", outcome.port().device());
      variables.put(prefix + "PORT", Integer.toString(outcome.port().port()));
      outcome
          .choice()
          .ifPresent(choice -> {
            variables.put(prefix + "GID_INDEX", Integer.toString(choice.index()));
            variables.put(prefix + "GID", choice.gid().toString());
            if (!choice.netdev().isEmpty()) {
              variables.put(prefix + "NETDEV", choice.netdev());
            }
          });
    }
    return variables;
  }

  /** The set of a container that has claimed these and has no choice of any. */
  static ContainerSet unchosen(List<AllocationRecord> allocations) {
    List<PortOutcome> outcomes = new ArrayList<>();
    for (AllocationRecord record : allocations) {
      Claim claim = record.claim().orElseThrow();
      for (int n = 0; n < record.ports().size(); n++) {
        outcomes.add(
            PortOutcome.pending(record.id().pool(), n, record.ports().get(n), claim.terms()));
      }
    }
    return new ContainerSet(allocations.getFirst().claim().orElseThrow().container(), outcomes);
  }

  /** As the record of the pod has it. */
  List<AssignedPort> assigned(long generation, ContainerVariables environment) {
    return ports.stream()
        .map(port ->
            new AssignedPort(
                container,
                port.pool(),
                port.port().device(),
                port.port().port(),
                port.state(),
                port.choice(),
                port.terms().rule().scope(),
                generation,
                port.terms().rule().revision(),
                GidSelector.VERSION,
                environment,
                port.elsewhere()))
        .toList();
  }
}
